package verify

import (
	"maps"
	"slices"
	"strings"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
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
		if contexts == contextVersion1 {
			as2["@context"] = contextVersion2
		}
	case []any:
		if len(contexts) > 0 && contexts[0] == contextVersion1 {
			as2["@context"] = append([]any{contextVersion2}, contexts[1:]...)
		}
	}
	list := slices.DeleteFunc(conform.Structure(as2), isNewTerm)
	for i := range list {
		list[i].Pointer = strings.NewReplacer("/validFrom", "/issuanceDate", "/validUntil", "/expirationDate").Replace(list[i].Pointer)
		if list[i].Code == "ob-image" {
			// Badges of data model 1.1 were made under drafts in which an
			// image could be its URL.
			list[i].Severity = conform.Warning
		}
		list[i].Detail = strings.NewReplacer("validFrom", "issuanceDate", "validUntil", "expirationDate").Replace(list[i].Detail)
		list[i].Verifier = strings.Replace(list[i].Verifier, "Data Model 2.0", "Data Model 1.1", 1)
		value, _ := jsonld.At(doc, list[i].Pointer)
		if s, ok := value.(string); ok && list[i].Code == "date-malformed" && hasNoZone(s) {
			// It is the date and time of XML Schema, whose zone may be missing.
			list[i].Code, list[i].Severity = "date-zone.older", conform.Warning
		}
	}
	if doc["issuanceDate"] == nil {
		list = append(list, conform.Finding{
			Code: "date-missing", Pointer: "/issuanceDate", Detail: "the credential does not say when it was issued",
			Verifier: "Verifiable Credentials Data Model 1.1",
		})
	}
	return list
}

// isNewTerm tells that a context gives another meaning to a term that is protected only
// since data model 2.0.
func isNewTerm(f conform.Finding) bool {
	term := jsonld.PointerName(f.Pointer[strings.LastIndex(f.Pointer, "/")+1:])
	return f.Code == "context-redefines" && jsonld.BaseTerms()[term] != nil && jsonld.BaseTerms1()[term] == nil
}
