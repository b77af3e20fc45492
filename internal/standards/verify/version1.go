package verify

import (
	"maps"
	"strings"

	"laurel/internal/standards/conform"
)

// structure1 checks a credential of data model 1.1 by the rules of 2.0 under
// their old names: what it demands differs only in these, and in that 1.1 cannot
// do without an issuanceDate (Verifiable Credentials Data Model v1.1, 4.5; v2.0,
// "Revision History").
func structure1(doc map[string]any) []conform.Finding {
	as2 := maps.Clone(doc)
	delete(as2, "validFrom")
	delete(as2, "validUntil")
	rename := func(from, to string) {
		if v, ok := as2[from]; ok {
			as2[to] = v
			delete(as2, from)
		}
	}
	rename("issuanceDate", "validFrom")
	rename("expirationDate", "validUntil")
	switch contexts := doc["@context"].(type) {
	case string:
		as2["@context"] = contextVersion2
	case []any:
		as2["@context"] = append([]any{contextVersion2}, contexts[1:]...)
	}
	list := conform.Structure(as2)
	for i := range list {
		list[i].Pointer = strings.NewReplacer("/validFrom", "/issuanceDate", "/validUntil", "/expirationDate").Replace(list[i].Pointer)
		if list[i].Code == "ob-image" {
			// Badges of data model 1.1 were made under drafts in which an
			// image could be its URL.
			list[i].Severity = conform.Warning
		}
		list[i].Detail = strings.NewReplacer("validFrom", "issuanceDate", "validUntil", "expirationDate").Replace(list[i].Detail)
	}
	if doc["issuanceDate"] == nil {
		list = append(list, conform.Finding{
			Code: "date-missing", Pointer: "/issuanceDate", Detail: "the credential does not say when it was issued",
			Verifier: "Verifiable Credentials Data Model 1.1",
		})
	}
	return list
}
