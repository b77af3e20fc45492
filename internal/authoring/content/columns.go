package content

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"gopkg.in/yaml.v3"

	"laurel/internal/material/table"
	"laurel/internal/material/text"
)

// column is one column of a roster: what its cells are.
type column struct {
	field   string // name, result.grade
	group   string // "evidence", "result" or ""
	key     *yaml.Node
	letter  string // as spreadsheets name it
	ignored bool
	// nameless has no name, so that its cells must be empty; told: it was said.
	nameless, told bool
	at             position // of its header
	row            string
}

// firstName and lastName are columns that make a name together.
const (
	firstName = "firstName"
	lastName  = "lastName"
)

// otherNames are what offices call columns, folded. What means one thing in one table and
// another in the next is not among them: "Name" is a family name beside "Vorname".
var otherNames = map[string]string{
	"emailaddress": "email", "mail": "email", "mailaddress": "email", "emailadresse": "email", "mailadresse": "email", "adresseemail": "email",
	"courriel": "email", "correoelectrónico": "email", "correo": "email", "endereçodeemail": "email",
	"fullname": "name", "vorundnachname": "name", "vollständigername": "name", "nomcomplet": "name", "nombrecompleto": "name", "nomecompleto": "name",
	"givenname": firstName, "forename": firstName, "vorname": firstName, "vornamen": firstName, "prénom": firstName, "prénoms": firstName, "voornaam": firstName,
	"surname": lastName, "familyname": lastName, "nachname": lastName, "familienname": lastName, "zuname": lastName, "nomdefamille": lastName,
	"apellido": lastName, "apellidos": lastName, "sobrenome": lastName, "cognome": lastName, "achternaam": lastName,
	"studentnumber": "studentId", "studentno": "studentId", "matrikelnummer": "studentId", "matrikelnr": "studentId", "matriculationnumber": "studentId",
}

// foldName is the name of a column without what offices write it with: capitals, spaces,
// hyphens, an asterisk or colon behind it.
func foldName(s string) string {
	s = strings.TrimRight(strings.ToLower(norm.NFC.String(s)), "*:")
	return strings.Map(func(r rune) rune {
		if text.IsSpace(r) || r == '-' || r == '_' || r == '‑' || r == '\u00ad' {
			return -1
		}
		return r
	}, s)
}

// mapped says what a column of the roster is: an entry of columns.
type mapped struct {
	header, field string // field "-": is not read
	at            value
}

// reading is what a cohort says of how its roster is to be read.
type reading struct {
	columns  []mapped
	dates    *dateForm
	encoding string
}

// fields are the columns that a roster may have; own: its rows may say what they earn.
type fields struct {
	names  []string // as they are spelt
	folded map[string]string
	maps   []mapped
	anyID  bool // whatever result.… there is
}

func (c *cohortReader) fields(own bool) *fields {
	results, all := c.resultColumns(own)
	f := &fields{names: slices.Concat(rosterColumns, []string{firstName, lastName}, results), folded: map[string]string{}, maps: c.reading.columns, anyID: all}
	for _, name := range f.names {
		k := foldName(name)
		if _, twice := f.folded[k]; twice {
			f.folded[k] = "" // only its own spelling means it
			continue
		}
		f.folded[k] = name
	}
	return f
}

func (f *fields) known(header string) bool { return f.field(header) != "" }

// field is what a column of that name is, "-" where the cohort says that it is not read,
// or empty.
func (f *fields) field(header string) string {
	header = norm.NFC.String(header)
	for _, exactly := range []bool{true, false} {
		for _, m := range f.maps {
			if m.header == header || !exactly && foldName(m.header) == foldName(header) {
				return m.field
			}
		}
	}
	return f.own(header)
}

// own is field without what the cohort says.
func (f *fields) own(header string) string {
	if slices.Contains(f.names, header) {
		return header
	}
	folded := foldName(header)
	if name := cmp.Or(f.folded[folded], otherNames[folded]); name != "" {
		return name
	}
	if id, is := strings.CutPrefix(header, "result."); is && id != "" && f.anyID {
		return header
	}
	return ""
}

// reads reads what the cohort says about its roster.
func (c *cohortReader) reads(o object, hasRoster bool) {
	for _, name := range []string{"columns", "dates", "encoding"} {
		if v, ok := o.get(name); ok && !hasRoster {
			v.problem("says how a roster is read, and there is none", "delete the line, or name the table with roster:")
			return
		}
	}
	if v, s, ok := o.textOf("dates"); ok {
		var fault string
		if c.reading.dates, fault = parseDateForm(s); fault != "" {
			v.problem(fault, "write how the table shows dates, such as DD.MM.YYYY, MM/DD/YYYY or YYYY/MM/DD")
		}
	}
	if v, s, ok := o.textOf("encoding"); ok {
		c.reading.encoding = strings.ToLower(s)
		if !slices.Contains(table.Encodings(), c.reading.encoding) {
			v.problem("is no encoding that laurel reads", cmp.Or(didYouMean(s, table.Encodings()), "save the table as CSV UTF-8 or as an Excel workbook (.xlsx); known are "+oneOf(table.Encodings())))
			c.reading.encoding = ""
		}
	}
	v, ok := o.get("columns")
	if !ok {
		return
	}
	if v.node.Kind != yaml.MappingNode {
		v.problem("must be a mapping, from names of columns in the table to what they are", `write Kursnote: result.grade, or Telefon: "-" to leave a column out, below it`)
		return
	}
	f := c.fields(true)
	f.maps = nil
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		item := v.child(fieldName(key.Value), 0, v.node.Content[i+1])
		s, ok := item.text()
		if !ok {
			continue
		}
		m := mapped{header: norm.NFC.String(text.Trim(key.Value)), field: "-", at: item}
		if s != "-" && s != "ignore" {
			if m.field = f.own(s); m.field == "" {
				item.problem("is not the name of a column", cmp.Or(didYouMean(s, f.names), `write name, email, studentId, result.ID and so on, or "-" for a column that is not read`))
				m.field = "-"
			}
		}
		c.reading.columns = append(c.reading.columns, m)
	}
}

// columns reads the header. A name it does not know is not repeated in
// a problem: where the header was forgotten, it is a person's.
func (c *cohortReader) columns(s *source, row table.Row) ([]column, bool) {
	header := row.Cells
	named := len(header)
	for named > 0 && header[named-1].Text == "" {
		named--
	}
	good := true
	fail := func(i int, text, hint string) {
		s.report(position{header[i].Line, header[i].Column}, "row "+strconv.Itoa(row.Number)+", column "+letters(i), text, hint)
		good = false
	}
	if named > table.MaxColumns {
		fail(table.MaxColumns, fmt.Sprintf("the roster has more than %d columns", table.MaxColumns), "")
		return nil, false
	}
	header = header[:min(len(header), table.MaxColumns)]
	f := c.fields(true)
	if !slices.ContainsFunc(header, func(cell table.Cell) bool { return f.field(cell.Text) == "achievement" }) {
		f = c.fields(false)
	}
	columns := make([]column, len(header))
	at := map[string]int{}
	var unread []int
	for i, cell := range header {
		name := norm.NFC.String(cell.Text)
		field := f.field(name)
		columns[i] = column{field: field, letter: letters(i), ignored: field == "-" || field == ""}
		if name == "" {
			columns[i].ignored, columns[i].nameless = false, true
			columns[i].at, columns[i].row = position{cell.Line, cell.Column}, strconv.Itoa(row.Number)
			continue
		}
		if before, twice := at[field]; twice && !columns[i].ignored {
			fail(i, "the column is given twice: column "+letters(before)+" is "+field+" as well", "delete one of the two, or leave it out with columns: in the cohort")
			continue
		}
		at[field] = i
		if field == "" {
			unread = append(unread, i)
			continue
		}
		group, key, grouped := strings.Cut(field, ".")
		if !grouped {
			group, key = "", field
		}
		columns[i].group, columns[i].key = group, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.Clone(key)}
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, ok := at[n]; return ok })
	}
	if named > 0 && len(unread) == named {
		fail(0, "is not the name of a column, nor is any other in this row", "the first row names the columns, such as name and email; what they are called otherwise is said in the cohort, such as columns: {Teilnehmer: name}")
		return nil, false
	}
	for _, i := range unread {
		name := header[i].Text
		switch try := didYouMean(name, f.names); {
		case strings.ContainsAny(name, "<>"):
			fail(i, "is not the name of a column", "write what is in it, such as name or email")
		case strings.HasPrefix(name, "result."):
			fail(i, "no achievement of the cohort has a result description with that id", try)
		case try != "":
			fail(i, "is not the name of a column", try+` Else leave it out in the cohort: columns: {`+yamlKey(name)+`: "-"}`)
		}
	}
	first, hasFirst := at[firstName]
	last, hasLast := at[lastName]
	switch {
	case has("name") && (hasFirst || hasLast):
		i := at["name"]
		part := firstName
		if !hasFirst {
			first, part = last, lastName
		}
		fail(i, "may be the whole name or a part of it, as there is a column for a part as well", fmt.Sprintf("say in the cohort which: columns: {%s: %s} where it is the other part, or columns: {%s: \"-\"} where it is the whole name",
			yamlKey(header[i].Text), map[string]string{firstName: lastName, lastName: firstName}[part], yamlKey(header[first].Text)))
	case hasFirst && !hasLast:
		fail(first, "is a part of the name, and there is no column for the last name", "name that one last name, or say which it is in the cohort: columns: {…: last name}")
	case hasLast && !hasFirst:
		fail(last, "is a part of the name, and there is no column for the first name", "name that one first name, or say which it is in the cohort: columns: {…: first name}")
	}
	if good && !has("id", "email", "studentId", "key") {
		fail(0, "no column says who the recipients are", "add a column id, email, studentId or key, or say in the cohort which it is, such as columns: {Kundennummer: studentId}")
	}
	if good && len(unread) > 0 && !has("name") && !hasFirst && !hasLast {
		fail(unread[0], "may be the name, as no other column is", "say in the cohort what it is: columns: {"+yamlKey(header[unread[0]].Text)+`: name}, or "-" where it is not to be read`)
	}
	for _, m := range c.reading.columns {
		if !slices.ContainsFunc(header, func(cell table.Cell) bool { return foldName(cell.Text) == foldName(m.header) }) {
			var names []string
			for _, cell := range header {
				names = append(names, cell.Text)
			}
			m.at.problem("the roster has no column of that name", cmp.Or(didYouMean(m.header, names), "write it as the first row of the table has it, or delete the entry"))
			good = false
		}
	}
	if good {
		c.unread(s, header, unread)
	}
	return columns, good
}

// unread tells of columns that are not read, with the line that says that so it is to be.
func (c *cohortReader) unread(s *source, header []table.Cell, unread []int) {
	var names, lines []string
	for _, i := range unread {
		names = append(names, strconv.Quote(header[i].Text))
		lines = append(lines, yamlKey(header[i].Text)+`: "-"`)
	}
	if len(names) == 0 {
		return
	}
	said := make([]string, 0, len(c.reading.columns))
	for _, m := range c.reading.columns {
		field := m.field
		if field == "-" {
			field = `"-"`
		}
		said = append(said, yamlKey(m.header)+": "+field)
	}
	text := "the column " + names[0] + " is not read"
	if len(names) > 1 {
		text = "the columns " + strings.Join(names, ", ") + " are not read"
	}
	at := c.cohort.Source
	at.File, at.Line, at.Column = s.name, header[unread[0]].Line, header[unread[0]].Column
	c.warn(at, text, "where that is right, say so in "+c.cohort.Source.File+": columns: {"+strings.Join(append(said, lines...), ", ")+"}")
}

// yamlKey is a name as it may stand in a mapping.
func yamlKey(s string) string {
	if s != "" && unicode.IsLetter([]rune(s)[0]) && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' && r != '.' && r != '_' && r != '-'
	}) < 0 && !slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}

func letters(i int) string { return strings.TrimRight(table.Name(i, 1), "1") }

// resultColumns lists the result columns that make sense; all is true where
// that cannot be known. A column achievement, own, may name any.
func (c *cohortReader) resultColumns(own bool) (names []string, all bool) {
	list := slices.Clone(c.earned)
	if own || !c.said {
		list = nil
		for _, a := range c.achievements {
			list = append(list, a)
		}
	}
	for _, a := range list {
		all = all || a.broken
	}
	for _, id := range descriptionIDs(list) {
		if !slices.Contains(names, "result."+id) {
			names = append(names, "result."+id)
		}
	}
	slices.Sort(names)
	return names, all || c.said && len(c.earned) == 0
}
