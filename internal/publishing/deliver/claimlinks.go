package deliver

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
	"laurel/internal/material/table"
)

// linksVersion is the schema version of a list in JSON: that of all that laurel
// prints.
const linksVersion = 1

// namedAwards are the awards of the content that names stand for, in content's
// order; all of them where there are no names. What is named and is in the
// ledger alone is counted in gone.
func namedAwards(content *model.Site, s *ledger.State, names []string) (awards []*model.Award, gone int, err error) {
	wanted := make(map[string]bool, len(names)) // cohorts and award keys
	for _, name := range names {
		if rec := s.ByCredential(name); rec != nil {
			name = rec.Award
		}
		wanted[name] = true
	}
	met := make(map[string]bool, len(wanted))
	for _, c := range content.Cohorts {
		met[c.Slug] = true
		for _, award := range c.Awards {
			met[award.Key.String()] = true
			if len(names) == 0 || wanted[c.Slug] || wanted[award.Key.String()] {
				awards = append(awards, award)
			}
		}
	}
	for name := range wanted {
		switch {
		case met[name]:
		case s.Record(name) != nil:
			gone++
		default:
			return nil, 0, hint.Errorf("a cohort is named after its file in content/awards, without .yaml; laurel plan shows the keys of awards that are not signed",
				"no cohort, award or credential is called %s", name)
		}
	}
	return awards, gone, nil
}

// ClaimLink is one line of the list.
type ClaimLink struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	Achievement string `json:"achievement"`
	Link        string `json:"link"`
	Award       string `json:"award"`

	award  *model.Award
	record *ledger.Record
}

// LinkList is the claim links of awards, and what has none.
type LinkList struct {
	Links   []ClaimLink
	Omitted Omissions
	// Inert counts the cells of the table with an apostrophe before them, which
	// a spreadsheet could have taken for a formula.
	Inert int
}

// ClaimLinks are the claim links of awards by their names: cohorts, award keys and
// credential ids; without names, those of all. A name that nothing has
// is an error, and so are names none of which has a link.
func ClaimLinks(content *model.Site, s *ledger.State, published Published, names []string) (*LinkList, error) {
	awards, gone, err := namedAwards(content, s, names)
	if err != nil {
		return nil, err
	}
	list, err := linksOf(content, s, published, awards)
	if err != nil {
		return nil, err
	}
	for range gone {
		list.Omitted.add("no longer in the content")
	}
	if len(names) > 0 && len(list.Links) == 0 {
		return nil, hint.Errorf("laurel sign seals awards with the visibility link; laurel claim-links without names prints all the links there are",
			"none of these has a claim link: %s", &list.Omitted)
	}
	return list, nil
}

func linksOf(content *model.Site, s *ledger.State, published Published, awards []*model.Award) (*LinkList, error) {
	list := &LinkList{}
	for _, award := range awards {
		rec := s.Record(award.Key.String())
		link, why, err := LinkOf(content, published, award, rec)
		switch {
		case err != nil:
			return nil, err
		case why != "":
			list.Omitted.add(why)
		default:
			list.Links = append(list.Links, ClaimLink{award.Recipient.Name, award.Recipient.Email, award.Title(), link, award.Key.String(), award, rec})
		}
	}
	return list, nil
}

// LinkOf is the claim link of one credential of an award, or why there is none.
func LinkOf(content *model.Site, published Published, award *model.Award, rec *ledger.Record) (link, why string, err error) {
	if why := noLink(award, rec); why != "" {
		return "", why, nil
	}
	switch kid, err := published.RevokedKey(rec); {
	case err != nil:
		return "", "", err
	case kid != "":
		return "", "signed with a revoked key (laurel reissue signs them again)", nil
	}
	capsules, err := published.Capsules(rec)
	if err != nil {
		return "", "", err
	}
	own := capsules[0] // the learner's
	return content.ClaimURL(model.ClaimLink{Name: own.Name, Key: own.Key}), "", nil
}

// noLink says why an award has no claim link; empty: it has one.
func noLink(award *model.Award, rec *ledger.Record) string {
	switch {
	case award.Visibility == model.Private:
		return "private"
	case rec == nil:
		return "not signed yet"
	case rec.Status == ledger.Revoked:
		return "revoked"
	case !rec.Withdrawn.IsZero():
		return "withdrawn"
	case rec.Capsules == nil && award.Visibility == model.Public:
		return "public, with a page instead of a link"
	case rec.Capsules == nil && rec.Status == ledger.Suspended:
		return "suspended before they were sealed"
	case rec.Capsules == nil:
		return "not sealed yet (run laurel sign)"
	}
	return ""
}

// Omissions count awards by the reason why they are left out, in the order in
// which the reasons came up.
type Omissions struct{ reasons []string } // of each award

func (o *Omissions) add(reason string) { o.reasons = append(o.reasons, reason) }

func (o *Omissions) String() string {
	count := map[string]int{}
	for _, reason := range o.reasons {
		count[reason]++
	}
	var parts []string
	for _, reason := range o.reasons {
		if n := count[reason]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, reason))
			delete(count, reason)
		}
	}
	return strings.Join(parts, ", ")
}

// EncodeJSON is the list as JSON.
func (list *LinkList) EncodeJSON() ([]byte, error) {
	b, err := json.Marshal(struct {
		SchemaVersion int         `json:"schemaVersion"`
		Links         []ClaimLink `json:"links"`
		Omitted       int         `json:"omitted"`
	}{linksVersion, append([]ClaimLink{}, list.Links...), len(list.Omitted.reasons)}, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode claim links: %w", err)
	}
	return append(b, '\n'), nil
}

// linkColumns are the columns of a list.
var linkColumns = []string{"name", "email", "achievement", "link"}

// Encode is the list as a table.
func (list *LinkList) Encode(f table.Format) ([]byte, error) {
	rows := [][]string{linkColumns}
	for _, l := range list.Links {
		rows = append(rows, []string{l.Name, l.Email, l.Achievement, l.Link})
	}
	var b bytes.Buffer
	var err error
	list.Inert, err = table.Write(&b, f, rows)
	return b.Bytes(), err
}

// CheckList refuses to write over what is not a list of claim links.
func CheckList(file string) error {
	var heads [][]byte // of lists, as far as they are always the same
	for _, encode := range empty {
		list, err := encode(&LinkList{})
		if err != nil {
			return err
		}
		head, _, _ := bytes.Cut(list, []byte("["))
		heads = append(heads, head)
	}
	ok, err := durable.Replaceable(file, func(head []byte) bool {
		return slices.ContainsFunc(heads, func(own []byte) bool { return bytes.HasPrefix(head, own[:min(len(own), 128)]) }) ||
			bytes.HasPrefix(head, []byte("PK")) && isLinkBook(file)
	})
	if err == nil && !ok {
		err = hint.Errorf("laurel claim-links replaces only its own lists: choose another name",
			"%s already exists and is not a list of claim links; nothing was written", file)
	}
	return err
}

// isLinkBook tells a workbook that is a list: by its columns, as all workbooks begin alike.
func isLinkBook(file string) bool {
	data, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	s, err := table.Read("list.xlsx", data, table.Options{})
	if err != nil {
		return false
	}
	for row, err := range s.Rows() {
		return err == nil && slices.EqualFunc(row.Cells, linkColumns, func(c table.Cell, name string) bool { return c.Text == name })
	}
	return false
}

// empty are the ways to write a list as text.
var empty = []func(*LinkList) ([]byte, error){
	(*LinkList).EncodeJSON,
	func(l *LinkList) ([]byte, error) { return l.Encode(table.CSV) },
	func(l *LinkList) ([]byte, error) { return l.Encode(table.Semicolon) },
	func(l *LinkList) ([]byte, error) { return l.Encode(table.Tab) },
}

// WriteList puts a list in place at once, readable by its owner alone. It takes
// the place of nothing but another one.
func WriteList(file string, text []byte) error {
	if err := CheckList(file); err != nil {
		return err
	}
	return WriteFile(file, text)
}

// WriteFile puts a file that names people in place at once, readable by its owner alone.
func WriteFile(file string, text []byte) error {
	if err := durable.ReplaceFile(file, text, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
