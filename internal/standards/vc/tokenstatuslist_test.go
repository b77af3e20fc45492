package vc_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/vc"
)

// TestTokenStatusListExamples: those of Token Status List, 4.1 and 4.2.
func TestTokenStatusListExamples(t *testing.T) {
	for _, test := range []struct {
		list string
		bits int
		want []int
	}{
		{"eNrbuRgAAhcBXQ", 1, []int{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1}},
		{"eNo76fITAAPfAgc", 2, []int{1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3}},
	} {
		s, err := vc.DecodeTokenStatuses(test.list, test.bits)
		if err != nil || s.Len() != len(test.want) {
			t.Fatalf("%d bits: %v", test.bits, err)
		}
		for i, want := range test.want {
			if got, err := s.Get(i); err != nil || got != want {
				t.Errorf("%d bits: status %d is %d, %v", test.bits, i, got, err)
			}
		}
		if _, err := s.Get(len(test.want)); err == nil {
			t.Error("there is a status behind the end")
		}
		if _, err := s.Get(-1); err == nil {
			t.Error("there is a status before the beginning")
		}
	}
}

func TestNewTokenStatusList(t *testing.T) {
	bits := vc.NewBitstring(vc.ListLength)
	set := map[int]bool{0: true, 1: true, 7: true, 8: true, 4242: true, vc.ListLength - 1: true}
	for i := range set {
		bits.Set(i, true)
	}
	o := vc.StatusListOptions{URL: "https://example.org/status/1.jwt.txt", Issuer: "did:web:example.org",
		ValidFrom: time.Unix(1_790_000_000, 0), ValidUntil: time.Unix(1_800_000_000, 0), TTL: 10 * time.Minute}
	data, err := vc.NewTokenStatusList(o, bits)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Iss, Sub      string
		Iat, Exp, TTL int64
		StatusList    struct {
			Bits int
			Lst  string
		} `json:"status_list"`
	}
	if err := json.Unmarshal(data, &claims, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if claims.Iss != o.Issuer || claims.Sub != o.URL || claims.Iat != 1_790_000_000 || claims.Exp != 1_800_000_000 || claims.TTL != 600 {
		t.Errorf("the claims are %s", data)
	}
	s, err := vc.DecodeTokenStatuses(claims.StatusList.Lst, claims.StatusList.Bits)
	if err != nil || s.Len() != vc.ListLength {
		t.Fatalf("the list is %v", err)
	}
	for i := range vc.ListLength {
		if got, err := s.Get(i); err != nil || (got == vc.TokenInvalid) != set[i] {
			t.Fatalf("status %d is %d, %v", i, got, err)
		}
	}
	if _, err := vc.NewTokenStatusList(o, vc.NewBitstring(8)); err == nil {
		t.Error("a short list is made")
	}
}

func TestDecodeTokenStatusesRefuses(t *testing.T) {
	pack := func(data []byte, more string) string {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(data)
		z.Close()
		b.WriteString(more)
		return base64.RawURLEncoding.EncodeToString(b.Bytes())
	}
	for name, in := range map[string]struct {
		list string
		bits int
	}{
		"three-bits":  {pack([]byte{1}, ""), 3},
		"no-bits":     {pack([]byte{1}, ""), 0},
		"not-base64":  {"é", 1},
		"padded":      {"eNrbuRgAAhcBXQ==", 1},
		"not-zlib":    {"AAAA", 1},
		"cut-short":   {"eNrbuRgAAhcB", 1},
		"more-behind": {pack([]byte{1}, "x"), 1},
		"bomb":        {pack(make([]byte, vc.MaxBitstring+1), ""), 1},
	} {
		if _, err := vc.DecodeTokenStatuses(in.list, in.bits); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
