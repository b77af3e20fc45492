package conform

import (
	"math"
	"strings"

	"laurel/internal/standards/jsonld"
)

const bsl = "Bitstring Status List 1.0"

// credentialStatus checks VCDM v2.0, "Status", and the entries of the one type
// that is known (Bitstring Status List v1.0, "BitstringStatusListEntry").
func (f *findings) credentialStatus(doc map[string]any, p *jsonld.Place) {
	f.typedObjects(doc, p, "credentialStatus", false)
	f.verifier = bsl
	eachObject(doc, "credentialStatus", p, func(o map[string]any, p *jsonld.Place) {
		if isType(o, "BitstringStatusListEntry") {
			f.statusEntry(o, p)
		}
	})
	f.verifier = vcdm
}

func (f *findings) statusEntry(o map[string]any, p *jsonld.Place) {
	if text(o, "statusPurpose") == "" {
		f.add("status-malformed", p.Member("statusPurpose"), "statusPurpose is not a name")
	}
	if !isDecimal(o["statusListIndex"]) {
		f.add("status-malformed", p.Member("statusListIndex"), "statusListIndex is not a decimal number written as a string")
	}
	list := text(o, "statusListCredential")
	if !isURL(list) {
		f.add("status-malformed", p.Member("statusListCredential"), "statusListCredential is not a URL")
	}
	if list != "" && o["id"] == list {
		f.add("status-malformed", p.Member("id"), "the id of the entry is that of the list")
	}
	f.statusSize(o, p)
}

// statusSize checks that an entry of several bits says what they mean.
func (f *findings) statusSize(o map[string]any, p *jsonld.Place) {
	v, ok := o["statusSize"]
	if !ok {
		return
	}
	size, ok := number(v)
	if !ok || size < 1 || size != math.Trunc(size) {
		f.add("status-malformed", p.Member("statusSize"), "statusSize is not a positive whole number")
		return
	}
	messages, _ := o["statusMessage"].([]any)
	if size > 1 && float64(len(messages)) != math.Pow(2, size) {
		f.add("status-malformed", p.Member("statusMessage"), "an entry of several bits needs a message for each of their values")
	}
}

// statusList checks a BitstringStatusListCredential. What its list expands to
// is for verify to look at.
func (f *findings) statusList(doc map[string]any, p *jsonld.Place) {
	if !isType(doc, "BitstringStatusListCredential") {
		return
	}
	f.verifier = bsl
	subject, ok := doc["credentialSubject"].(map[string]any)
	at := p.Member("credentialSubject")
	if !ok || !isType(subject, "BitstringStatusList") {
		f.add("status-list-malformed", at, "the subject is not one BitstringStatusList")
		return
	}
	if !isPurpose(subject["statusPurpose"]) {
		f.add("status-list-malformed", at.Member("statusPurpose"), "statusPurpose is neither a name nor several")
	}
	if !strings.HasPrefix(text(subject, "encodedList"), "u") {
		f.add("status-list-malformed", at.Member("encodedList"), "encodedList is not base64url with the prefix u")
	}
	if v, ok := subject["ttl"]; ok {
		if ttl, ok := number(v); !ok || ttl < 0 || ttl != math.Trunc(ttl) {
			f.add("status-list-malformed", at.Member("ttl"), "ttl is not a whole number of milliseconds")
		}
	}
}

func isPurpose(v any) bool {
	list := items(v)
	for _, v := range list {
		if name, ok := v.(string); !ok || name == "" {
			return false
		}
	}
	return len(list) > 0
}

// isDecimal tells whether v is a string of decimal digits.
func isDecimal(v any) bool {
	s, ok := v.(string)
	return ok && s != "" && strings.Trim(s, "0123456789") == ""
}
