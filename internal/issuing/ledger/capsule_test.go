package ledger_test

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
)

// variant is the id of a made-up award's variant v.
func variant(n, v int) string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-9%03d-%012d", v, n) }

// variants is issue(n) with two variants, in the list after its own.
func variants(n int) ledger.Event {
	ev := issue(n)
	for v, name := range []string{"no-name", "achievement-only"} {
		ev.Issue.Variants = append(ev.Issue.Variants, ledger.VariantIssue{Name: name, Credential: variant(n, v), List: 2, Index: 2*n + v})
		ev.Issue.Documents = append(ev.Issue.Documents, ledger.Document{Format: "eddsa-rdfc-2022", MediaType: "application/vc",
			Variant: name, Document: jsontext.Value(fmt.Sprintf(`{"id":"%s"}`, variant(n, v)))})
	}
	return ev
}

// capsules seals the award n for each of the names; "" is the learner's own.
func capsules(n int, of ...string) ledger.Event {
	is := issue(n).Issue
	e := &ledger.CapsuleEvent{Award: is.Award, Credential: is.Credential}
	for i, v := range of {
		key := base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("key %2d of the made-up award %4d", i, n)))
		e.Capsules = append(e.Capsules, ledger.Capsule{Name: fmt.Sprintf("%024x%08x", n, i), Key: key, Variant: v})
		e.Packed = append(e.Packed, jsontext.Value(fmt.Sprintf(`"eyJhbGciOiJkaXIifQ..%d.%s.tag"`, i, strings.Repeat("A", 50))))
	}
	return ledger.Event{Capsule: e}
}

func withdraw(n int, reason string) ledger.Event {
	is := issue(n).Issue
	return ledger.Event{Withdraw: &ledger.WithdrawEvent{Award: is.Award, Credential: is.Credential, Reason: reason, Date: start}}
}

var all = []string{"", "full", "no-name", "achievement-only"}

// Capsules and variants come back as they went in, and opening the ledger
// gives the state that appending gave.
func TestVariantsAndCapsules(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	again := variants(9)
	again.Issue.Award, again.Issue.Replaces = issue(1).Issue.Award, credential(1)
	sealed := capsules(1, all...)
	for _, g := range [][]ledger.Event{
		{variants(1), sealed, issue(2)},
		{capsules(2, ""), withdraw(2, "asked for: é")},
		{status(1, ledger.ActionSuspend, ""), status(1, ledger.ActionReinstate, ""), status(1, ledger.ActionRevoke, ""), again},
	} {
		if err := w.Append(start, g); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := summary(w.State()), summary(open(t, dir).State()); a != b {
		t.Errorf("state after append:\n%s\nstate after open:\n%s", a, b)
	}
	s := w.State()
	r := s.ByCredential(variant(1, 1))
	if r == nil || r != s.ByCredential(credential(1)) || len(r.Variants) != 2 || r.Variants[1].Index != 3 {
		t.Fatalf("a variant's id leads to %+v", r)
	}
	if len(r.Capsules) != 4 || r.Capsules[0] != sealed.Capsule.Capsules[0].Name || !r.Withdrawn.IsZero() {
		t.Errorf("the sealed record is %+v", r)
	}
	if r := s.ByCredential(credential(2)); len(r.Capsules) != 1 || !r.Withdrawn.Equal(start) {
		t.Errorf("the withdrawn record is %+v", r)
	}
	if r := s.Record(issue(1).Issue.Award); r.Capsules != nil || r.Credential != credential(9) {
		t.Errorf("the reissued record is sealed: %+v", r)
	}
	lists := s.Lists()
	if len(lists) != 2 || !reflect.DeepEqual(lists[0].Set, []int{0, 7}) || !reflect.DeepEqual(lists[1].Set, []int{2, 3, 4, 5}) || lists[1].Issued != 4 {
		t.Errorf("lists are %+v", lists)
	}
	ev, err := w.Event(r.CapsulePos)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(ev.Capsule, sealed.Capsule) {
		t.Errorf("the capsules came back as %+v, want %+v", ev.Capsule, sealed.Capsule)
	}
	docs, err := w.Documents(r)
	if err != nil || len(docs) != 3 || docs[0].Variant != "" || docs[2].Variant != "achievement-only" {
		t.Errorf("documents are %+v, %v", docs, err)
	}
}

// What breaks a rule of variants, capsules or withdrawals is refused, and the
// state stays as it was; no message quotes a key.
func TestRefusedCapsules(t *testing.T) {
	issueWith := func(f func(*ledger.IssueEvent)) ledger.Event { ev := variants(20); f(ev.Issue); return ev }
	sealWith := func(f func(*ledger.CapsuleEvent)) ledger.Event {
		ev := capsules(1, all...)
		f(ev.Capsule)
		return ev
	}
	variantsOnly := func(ev ledger.Event) ledger.Event {
		ev.Capsule.Credential = variant(1, 0)
		return ev
	}
	cases := []struct {
		name  string
		event ledger.Event
		want  string
	}{
		{"variant_with_taken_id", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Credential = variant(1, 0) }), "issued a second time"},
		{"variant_with_the_full_id", issueWith(func(e *ledger.IssueEvent) { e.Variants[0].Credential = e.Credential }), "issued a second time"},
		{"variants_with_one_id", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Credential = e.Variants[0].Credential }), "issued a second time"},
		{"full_with_a_variants_id", issueWith(func(e *ledger.IssueEvent) { e.Credential = variant(1, 1) }), "issued a second time"},
		{"variant_with_taken_index", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Index = 2 }), "index 2 of list 2"},
		{"variants_with_one_index", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Index = e.Variants[0].Index }), "is taken"},
		{"variant_with_the_full_index", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].List, e.Variants[1].Index = e.List, e.Index }), "is taken"},
		{"variant_outside", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Index = ledger.ListLength }), "outside the list"},
		{"variant_list_zero", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].List = 0 }), "list 0"},
		{"variant_named_full", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Name = "full" }), "variants[1]"},
		{"variant_twice", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Name = "no-name" }), "variants[1]"},
		{"variant_unnamed", issueWith(func(e *ledger.IssueEvent) { e.Variants[1].Name = "" }), "variants[1]"},
		{"variant_without_document", issueWith(func(e *ledger.IssueEvent) { e.Documents = e.Documents[:2] }), "no document"},
		{"variants_out_of_order", issueWith(func(e *ledger.IssueEvent) { e.Documents[1], e.Documents[2] = e.Documents[2], e.Documents[1] }), "documents[1]"},
		{"variant_first", issueWith(func(e *ledger.IssueEvent) { e.Documents[0], e.Documents[1] = e.Documents[1], e.Documents[0] }), "documents[0]"},
		{"document_of_no_variant", issueWith(func(e *ledger.IssueEvent) { e.Documents[2].Variant = "other" }), "documents[2]"},
		{"too_many_variants", issueWith(func(e *ledger.IssueEvent) {
			for len(e.Variants) <= ledger.MaxVariants {
				e.Variants = append(e.Variants, e.Variants[0])
			}
		}), "the limit is 16"},
		{"status_of_a_variant", func() ledger.Event {
			ev := status(1, ledger.ActionRevoke, "")
			ev.Status.Credential = variant(1, 0)
			return ev
		}(), "a variant of " + credential(1)},

		{"capsule_of_unknown", capsules(77, ""), "never issued"},
		{"capsule_of_other_award", sealWith(func(e *ledger.CapsuleEvent) { e.Award = issue(2).Issue.Award }), "another award"},
		{"capsule_of_a_variant", variantsOnly(capsules(1, all...)), "a variant of"},
		{"capsule_twice", func() ledger.Event {
			ev := capsules(3, "")
			ev.Capsule.Capsules[0].Name = strings.Repeat("f", 32)
			return ev
		}(), "sealed a second time"},
		{"capsule_with_taken_name", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[1].Name = capsules(3, "").Capsule.Capsules[0].Name }), "a name that is taken"},
		{"capsules_with_one_name", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[1].Name = e.Capsules[0].Name }), "a name that is taken"},
		{"capsule_too_few", capsules(1, "", "full", "no-name"), "3 capsules, where its variants make it 4"},
		{"capsule_of_full_missing", capsules(1, ""), "1 capsules"},
		{"capsule_too_many", capsules(2, "", "full"), "2 capsules"},
		{"capsules_out_of_order", capsules(1, "", "full", "achievement-only", "no-name"), "capsules[2]"},
		{"capsule_sealed_missing", sealWith(func(e *ledger.CapsuleEvent) { e.Packed = e.Packed[:3] }), "4 capsules with 3 contents"},
		{"capsule_empty", sealWith(func(e *ledger.CapsuleEvent) { e.Packed, e.Capsules = nil, nil }), "0 capsules"},
		{"capsule_name_short", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Name = strings.Repeat("0", 30) }), "32 digits"},
		{"capsule_name_upper", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Name = strings.Repeat("A", 32) }), "32 digits"},
		{"capsule_name_path", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Name = "../" + strings.Repeat("0", 29) }), "32 digits"},
		{"capsule_key_short", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Key = e.Capsules[0].Key[:42] }), "43 characters"},
		{"capsule_key_loose", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Key = e.Capsules[0].Key[:42] + "B" }), "43 characters"},
		{"capsule_key_padded", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Key += "=" }), "43 characters"},
		{"capsule_key_line", sealWith(func(e *ledger.CapsuleEvent) { e.Capsules[0].Key += "\n" }), "43 characters"},
		{"capsule_object", sealWith(func(e *ledger.CapsuleEvent) { e.Packed[1] = jsontext.Value(`{}`) }), "packed[1]"},
		{"capsule_space", sealWith(func(e *ledger.CapsuleEvent) { e.Packed[1] = jsontext.Value(` "a"`) }), "packed[1]"},
		{"capsule_no_json", sealWith(func(e *ledger.CapsuleEvent) { e.Packed[1] = jsontext.Value(`"a`) }), "invalid JSON"},

		{"withdraw_unknown", withdraw(77, ""), "never issued"},
		{"withdraw_unsealed", withdraw(2, ""), "never sealed"},
		{"withdraw_twice", withdraw(4, ""), "withdrawn a second time"},
		{"withdraw_two_lines", withdraw(3, "a\nb"), "control character"},
	}
	w := openWriter(t, t.TempDir(), ledger.Options{})
	private := issue(2)
	private.Issue.Visibility = "private"
	if err := w.Append(start, []ledger.Event{variants(1), private, issue(3), issue(4), capsules(3, ""), capsules(4, ""), withdraw(4, "")}); err != nil {
		t.Fatal(err)
	}
	was := summary(w.State())
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			group := []ledger.Event{variants(12), capsules(12, all...), withdraw(12, ""), capsules(2, ""), status(1, ledger.ActionSuspend, ""),
				status(1, ledger.ActionReinstate, ""), withdraw(2, ""), c.event}
			if strings.HasPrefix(c.name, "capsule_too_many") || c.name == "withdraw_unsealed" {
				group = append(group[:3:3], c.event)
			}
			err := w.Append(start, group)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "learner") || c.event.Capsule != nil && len(c.event.Capsule.Capsules) > 0 && strings.Contains(err.Error(), c.event.Capsule.Capsules[0].Key)) {
				t.Errorf("the error names a person or a key: %v", err)
			}
			if now := summary(w.State()); now != was {
				t.Errorf("the state has changed to\n%s", now)
			}
		})
	}
	if err := w.Append(start, []ledger.Event{capsules(1, all...), withdraw(1, ""), variants(12), capsules(12, all...), issue(13), withdraw(13, "")}); err != nil {
		t.Errorf("the writer does not go on: %v", err)
	}
}
