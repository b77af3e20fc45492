package verify

import "laurel/internal/standards/vc"

// Summary is what a credential says of itself, safe to print; members that it
// does not have are empty. Dates are as written.
type Summary struct {
	ID          string   `json:"id,omitempty"`
	Type        []string `json:"type,omitempty"`
	Name        string   `json:"name,omitempty"`
	IssuerID    string   `json:"issuerId,omitempty"`
	IssuerName  string   `json:"issuerName,omitempty"`
	IssuerHost  string   `json:"issuerHost,omitempty"` // the domain that names the issuer; else as IssuerID
	SubjectID   string   `json:"subjectId,omitempty"`
	SubjectName string   `json:"subjectName,omitempty"`
	Achievement string   `json:"achievement,omitempty"`
	// Results are in words, each with its scale and what passes.
	Results []SummaryResult `json:"results,omitempty"`
	// PartOf is, in a learner record, the name of what the achievement is part of.
	PartOf      string `json:"partOf,omitempty"`
	HolderID    string `json:"holderId,omitempty"` // of a presentation
	AwardedDate string `json:"awardedDate,omitempty"`
	ValidFrom   string `json:"validFrom,omitempty"`
	ValidUntil  string `json:"validUntil,omitempty"`

	// Disclosed are, of an SD-JWT, JSON Pointers to what could have been withheld.
	Disclosed []string `json:"disclosed,omitempty"`
}

// SummaryResult is one result: the name of its description, and what was reached, as
// vc.Standing.Text says it in English.
type SummaryResult struct {
	Name string `json:"name,omitempty"`
	Text string `json:"text"`
}

// mostResults is how many results of a credential are told.
const mostResults = 100

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
		IssuerHost:  safe(hostOf(idOf(doc["issuer"]))),
		AwardedDate: safe(stringOf(doc, "awardedDate")),
		ValidFrom:   safe(stringOf(doc, "validFrom")),
		ValidUntil:  safe(stringOf(doc, "validUntil")),
	}
	if j.format == FormatVC1 {
		s.ValidFrom, s.ValidUntil = safe(stringOf(doc, "issuanceDate")), safe(stringOf(doc, "expirationDate"))
	}
	for _, t := range vc.Items(doc["type"]) {
		if name, ok := t.(string); ok && len(s.Type) < 16 {
			s.Type = append(s.Type, safe(name))
		}
	}
	if issuer, ok := doc["issuer"].(map[string]any); ok {
		s.IssuerName = safe(textOf(issuer["name"]))
	}
	if j.typed {
		s.Type = []string{safe(stringOf(doc, "vct"))}
	}
	if j.sd != nil {
		for _, d := range j.sd.Disclosures {
			s.Disclosed = append(s.Disclosed, safe(d.Pointer))
		}
	}
	subject := firstSubject(doc)
	if !isUnnamed(subject) {
		s.SubjectID = safe(stringOf(subject, "id"))
	}
	s.SubjectName = safe(subjectName(subject))
	if achievement, ok := subject["achievement"].(map[string]any); ok {
		s.Achievement = safe(textOf(achievement["name"]))
		s.Results = results(subject, achievement)
	}
	return s
}

func firstSubject(doc map[string]any) map[string]any {
	for _, item := range vc.Items(doc["credentialSubject"]) {
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
	for _, item := range vc.Items(subject["identifier"]) {
		identity, ok := item.(map[string]any)
		if ok && identity["identityType"] == "name" && identity["hashed"] == false {
			return stringOf(identity, "identityHash")
		}
	}
	return ""
}

// results are what a subject reached, each beside the description it names.
func results(subject, achievement map[string]any) (list []SummaryResult) {
	var descriptions []vc.ResultDescription
	for _, d := range objectsIn(achievement["resultDescription"]) {
		w := vc.ResultDescription{ID: stringOf(d, "id"), Name: textOf(d["name"]), ResultType: stringOf(d, "resultType"),
			RequiredLevel: stringOf(d, "requiredLevel"), RequiredValue: stringOf(d, "requiredValue"),
			ValueMin: stringOf(d, "valueMin"), ValueMax: stringOf(d, "valueMax")}
		for _, v := range vc.Items(d["allowedValue"]) {
			if s, ok := v.(string); ok {
				w.AllowedValue = append(w.AllowedValue, s)
			}
		}
		for _, l := range objectsIn(d["rubricCriterionLevel"]) {
			w.RubricCriterionLevel = append(w.RubricCriterionLevel, vc.RubricCriterionLevel{ID: stringOf(l, "id"), Name: textOf(l["name"]),
				Level: stringOf(l, "level"), Points: stringOf(l, "points")})
		}
		descriptions = append(descriptions, w)
	}
	for _, r := range objectsIn(subject["result"]) {
		if len(list) == mostResults {
			break
		}
		w := vc.Result{ResultDescription: stringOf(r, "resultDescription"), AchievedLevel: stringOf(r, "achievedLevel"), Status: stringOf(r, "status"), Value: stringOf(r, "value")}
		standing, d := w.Standing(descriptions)
		list = append(list, SummaryResult{safe(d.Name), safe(standing.Text(func(key string) string { return english().results[key] }))})
	}
	return list
}

// objectsIn are the objects of a member that is one or a list of them.
func objectsIn(v any) (list []map[string]any) {
	for _, item := range vc.Items(v) {
		if o, ok := item.(map[string]any); ok {
			list = append(list, o)
		}
	}
	return list
}
