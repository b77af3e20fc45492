package verify

// Summary is what a credential says of itself, safe to print; members that it
// does not have are empty. Dates are as written.
type Summary struct {
	ID          string   `json:"id,omitempty"`
	Type        []string `json:"type,omitempty"`
	Name        string   `json:"name,omitempty"`
	IssuerID    string   `json:"issuerId,omitempty"`
	IssuerName  string   `json:"issuerName,omitempty"`
	SubjectID   string   `json:"subjectId,omitempty"`
	SubjectName string   `json:"subjectName,omitempty"`
	Achievement string   `json:"achievement,omitempty"`
	HolderID    string   `json:"holderId,omitempty"` // of a presentation
	AwardedDate string   `json:"awardedDate,omitempty"`
	ValidFrom   string   `json:"validFrom,omitempty"`
	ValidUntil  string   `json:"validUntil,omitempty"`
}

func (j *judgement) summarize() Summary {
	doc := j.doc
	if j.format == FormatPresentation {
		// All else that a presentation says is in its credentials; anybody
		// could write more around them.
		return Summary{ID: safe(stringOf(doc, "id")), HolderID: safe(idOf(doc["holder"]))}
	}
	s := Summary{
		ID:          safe(stringOf(doc, "id")),
		Name:        safe(textOf(doc["name"])),
		IssuerID:    safe(idOf(doc["issuer"])),
		AwardedDate: safe(stringOf(doc, "awardedDate")),
		ValidFrom:   safe(stringOf(doc, "validFrom")),
		ValidUntil:  safe(stringOf(doc, "validUntil")),
	}
	if j.format == FormatVC1 {
		s.ValidFrom, s.ValidUntil = safe(stringOf(doc, "issuanceDate")), safe(stringOf(doc, "expirationDate"))
	}
	for _, t := range items(doc["type"]) {
		if name, ok := t.(string); ok && len(s.Type) < 16 {
			s.Type = append(s.Type, safe(name))
		}
	}
	if issuer, ok := doc["issuer"].(map[string]any); ok {
		s.IssuerName = safe(textOf(issuer["name"]))
	}
	subject := firstSubject(doc)
	if !isUnnamed(subject) {
		s.SubjectID = safe(stringOf(subject, "id"))
	}
	s.SubjectName = safe(subjectName(subject))
	if achievement, ok := subject["achievement"].(map[string]any); ok {
		s.Achievement = safe(textOf(achievement["name"]))
	}
	return s
}

func firstSubject(doc map[string]any) map[string]any {
	for _, item := range items(doc["credentialSubject"]) {
		if subject, ok := item.(map[string]any); ok {
			return subject
		}
	}
	return nil
}

// subjectName returns the name of a subject: its own, or the plain identity of
// type name (Open Badges Specification v3.0, "IdentityObject").
func subjectName(subject map[string]any) string {
	if name := textOf(subject["name"]); name != "" {
		return name
	}
	for _, item := range items(subject["identifier"]) {
		identity, ok := item.(map[string]any)
		if ok && identity["identityType"] == "name" && identity["hashed"] == false {
			return stringOf(identity, "identityHash")
		}
	}
	return ""
}
