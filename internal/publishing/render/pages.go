package render

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"laurel/internal/publishing/site"
)

// describe returns what kind of page it is – the name of its template without
// the ending – and what all pages have in common.
func describe(page any) (kind string, common *site.Common, err error) {
	switch p := page.(type) {
	case *site.HomePage:
		return "home", &p.Common, nil
	case *site.CataloguePage:
		return "catalogue", &p.Common, nil
	case *site.SkillsPage:
		return "skills", &p.Common, nil
	case *site.SkillPage:
		return "skill", &p.Common, nil
	case *site.ProgramPage:
		return "program", &p.Common, nil
	case *site.AchievementPage:
		return "achievement", &p.Common, nil
	case *site.AwardPage:
		return "award", &p.Common, nil
	case *site.TombstonePage:
		return "tombstone", &p.Common, nil
	case *site.TextPage:
		return "text", &p.Common, nil
	case *site.VerifyPage:
		return "verify", &p.Common, nil
	case *site.ClaimPage:
		return "claim", &p.Common, nil
	case *site.NotFoundPage:
		return "notfound", &p.Common, nil
	}
	return "", nil, fmt.Errorf("no template for a page of type %T", page)
}

// Page writes an HTML page: one of *site.HomePage, *site.CataloguePage,
// *site.SkillsPage, *site.SkillPage, *site.ProgramPage, *site.AchievementPage,
// *site.AwardPage, *site.TombstonePage, *site.TextPage, *site.VerifyPage, *site.ClaimPage and
// *site.NotFoundPage. On an error nothing was written, unless the error is w's
// own.
func (r *Renderer) Page(w io.Writer, page any) error {
	buffer, ok := r.buffers.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer r.buffers.Put(buffer)
	buffer.Reset()
	_, common, err := describe(page)
	if err != nil {
		return err
	}
	if err := r.execute(buffer, page); err != nil {
		return fmt.Errorf("render %s: %w", common.Path, err)
	}
	// What is not UTF-8 could be read as another encoding's markup.
	_, err = w.Write(bytes.ToValidUTF8(buffer.Bytes(), []byte("\uFFFD")))
	return err
}

func (r *Renderer) execute(out *bytes.Buffer, page any) error {
	kind, common, err := describe(page)
	if err != nil {
		return err
	}
	local, err := r.localized(common.Language)
	if err != nil {
		return err
	}
	return r.template(out, local, kind+".html", page)
}

// template draws one template of the theme.
func (r *Renderer) template(out *bytes.Buffer, local *template.Template, name string, data any) error {
	if err := local.ExecuteTemplate(out, name, data); err != nil {
		return r.theme.templateError(err)
	}
	return nil
}

// try renders every kind of page without and with all its data, and checks
// that the theme kept the policy that makes the pages inert.
func (r *Renderer) try() error {
	for _, page := range trialPages() {
		kind, _, err := describe(page)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := r.execute(&out, page); err != nil {
			return err
		}
		if err := checkPolicy(out.String()); err != nil {
			return fmt.Errorf("%s: page %s: %w", r.theme.name, kind, err)
		}
	}
	return nil
}

// trialPages are an empty and a full page of every kind, the full award and tombstone in
// each of their states, and the first page in each size of a catalogue.
func trialPages() []any {
	var pages []any
	for _, kind := range []any{site.HomePage{}, site.CataloguePage{}, site.SkillsPage{}, site.SkillPage{}, site.ProgramPage{}, site.AchievementPage{}, site.AwardPage{}, site.TombstonePage{}, site.TextPage{}, site.VerifyPage{}, site.ClaimPage{}, site.NotFoundPage{}} {
		empty, full := reflect.New(reflect.TypeOf(kind)), reflect.New(reflect.TypeOf(kind))
		fill(full.Elem())
		pages = append(pages, empty.Interface(), full.Interface())
	}
	for _, state := range []string{"valid", "revoked", "suspended", "fallen"} {
		award := new(site.AwardPage)
		fill(reflect.ValueOf(award).Elem())
		award.Status.State, award.Sealed = state, false
		pages = append(pages, award)
	}
	for _, size := range []string{"few", "some", "many"} {
		home := new(site.HomePage)
		fill(reflect.ValueOf(home).Elem())
		home.Size = size
		pages = append(pages, home)
	}
	for _, state := range []string{"replaced", "withdrawn"} {
		tombstone := new(site.TombstonePage)
		fill(reflect.ValueOf(tombstone).Elem())
		tombstone.State = state
		pages = append(pages, tombstone)
	}
	return pages
}

// fill gives every field below v a value, and every list one element, but none to
// one that holds what it is part of.
func fill(v reflect.Value, within ...reflect.Type) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), append(within, v.Type())...)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), within...)
	case reflect.Slice:
		if slices.Contains(within, v.Type().Elem()) {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), within...)
	case reflect.String:
		v.SetString("en")
	case reflect.Int:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// checkPolicy holds every theme to the Content Security Policy: it is the first
// thing in head, as what stands before it is not covered, it starts by
// forbidding everything, and it allows nothing unsafe.
func checkPolicy(page string) error {
	const opening = `<meta http-equiv="Content-Security-Policy" content="`
	_, head, _ := strings.Cut(page, "<head>")
	policy, ok := strings.CutPrefix(strings.TrimSpace(head), opening)
	if !ok {
		return fmt.Errorf("<head> does not start with %s", opening)
	}
	policy, _, _ = strings.Cut(policy, `"`)
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe-") {
		return fmt.Errorf("the Content-Security-Policy does not start with default-src 'none', or allows unsafe-…")
	}
	return nil
}
