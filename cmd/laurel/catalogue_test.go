package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/browser"
)

// catalogueOf writes a site folder with n made-up achievements and no awards.
func catalogueOf(t *testing.T, dir string, n int) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("content/site.yaml", `baseURL: https://hall.example.org/hall
languages: [en]
issuer:
  name: Example Hall
  url: https://hall.example.org
  email: office@hall.example.org
  description: An evening school that does not exist, and teaches whatever a catalogue of many lines needs.
`)
	works := strings.Fields("welding joinery glazing plastering roofing tiling weaving dyeing baking brewing grafting beekeeping bookkeeping budgeting drafting surveying soldering sharpening turning carving casting forging milling printing binding mending")
	places := strings.Fields("bench yard kitchen office garden boat barn studio shop hall")
	types := []string{"Badge", "Badge", "Course", "Certificate", "MicroCredential", "Diploma"}
	for i := range n {
		work, place, level := works[i%len(works)], places[i/len(works)%len(places)], 1+i/(len(works)*len(places))
		name, language, verb := fmt.Sprintf("%s for the %s, step %d", strings.ToUpper(work[:1])+work[1:], place, level), "en", "use"
		if i%10 == 9 {
			name, language, verb = fmt.Sprintf("Abschluss %s für %s, Stufe %d", work, place, level), "de", "nutzen"
		}
		write(fmt.Sprintf("content/achievements/a%04d.yaml", i), strings.NewReplacer("NAME", name, "WORK", work, "PLACE", place, "TYPE", types[i%len(types)],
			"LANGUAGE", language, "VERB", verb, "TOPIC", fmt.Sprint(i%7), "EQF", fmt.Sprint(2+i%4)).Replace(`name: NAME
description: Shows a working knowledge of WORK at the PLACE, plans the work, carries it out safely and explains it.
achievementType: TYPE
inLanguage: LANGUAGE
fieldOfStudy: WORK
tag: [PLACE, topic-TOPIC]
criteria: {narrative: Shows it three times.}
alignment:
  - {targetName: VERB tools for WORK, targetUrl: "https://skills.example.org/WORK", targetFramework: Example Skills}
  - {targetName: work in the PLACE, targetUrl: "https://skills.example.org/in/PLACE", targetFramework: Example Skills}
  - {targetName: Level EQF, targetUrl: "https://levels.example.org/EQF", targetType: "ext:ExampleLevel", targetFramework: Example Levels}
`))
	}
}

// shownCatalogue is what the first page shows of its catalogue.
type shownCatalogue struct {
	Names, Chips, Pages []string
	Count, Address      string
	Tally               map[string]int // of each box, as name=value
	Checked, Disabled   []string
	Focus, Language     string
}

const catalogueScript = `new Promise(done => {
	const root = document.querySelector('[data-catalogue]'), all = selector => [...root.querySelectorAll(selector)];
	const boxes = all('input[type=checkbox]'), called = b => b.name + '=' + b.value;
	const look = () => root.ariaBusy ? setTimeout(look, 10) : done({
		names: all('[data-list] > li').map(e => e.querySelector('h3').textContent), chips: all('[data-chosen] button').map(e => e.textContent),
		pages: all('[data-pager] .button').map(e => e.textContent + (e.ariaCurrent ? '*' : '')),
		count: root.querySelector('[data-count]').textContent, address: location.pathname + location.search + location.hash,
		tally: Object.fromEntries(boxes.map(b => [called(b), Number(b.closest('label').querySelector('.count').textContent)])),
		checked: boxes.filter(b => b.checked).map(called), disabled: boxes.filter(b => b.disabled).map(called),
		focus: document.activeElement.id || document.activeElement.name || document.activeElement.textContent.slice(0, 20), language: document.documentElement.lang,
	});
	setTimeout(look);
})`

// TestCatalogue opens a catalogue that has more than its first page shows: with an
// address that chooses, with the keyboard, and without a script.
func TestCatalogue(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := t.TempDir()
	catalogueOf(t, dir, 60)
	must(t, dir, "build")
	server := serve(t, filepath.Join(dir, "public"), "/hall/")
	profile := newBrowser(t)
	b := newTab(t, profile, server.URL, window(1280))
	home := server.URL + "/hall/"
	visit := func(address string) {
		t.Helper()
		if err := b.visit("about:blank"); err != nil {
			t.Fatal(err)
		}
		if err := b.visit(home + address); err != nil {
			t.Fatal(err)
		}
	}
	shown := func() shownCatalogue {
		t.Helper()
		s, err := evaluate[shownCatalogue](b, catalogueScript)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	press := func(keys ...string) {
		t.Helper()
		for _, key := range keys {
			if err := b.do(chromedp.KeyEvent(key)); err != nil {
				t.Fatal(err)
			}
		}
	}
	focus := func(selector string) {
		t.Helper()
		if _, err := evaluate[bool](b, fmt.Sprintf(`(e => { if (e.closest('.more')) e.closest('.more').open = true; e.focus(); return true })(document.querySelector(%q))`, selector)); err != nil {
			t.Fatal(err)
		}
	}

	// As it is published: forty, and every facet that has more than one value.
	visit("")
	first := shown()
	if len(first.Names) != 40 || first.Count != "60" || !slices.Equal(first.Pages, []string{"1*", "2", "Next"}) || len(first.Chips) > 0 || first.Tally["language=de"] != 6 || first.Tally["type=Badge"] != 20 {
		t.Errorf("the first page shows %+v", first)
	}

	// Before anybody scrolls.
	if asked, err := evaluate[[2]int](b, `(all => [all.length, all.reduce((n, e) => n + e.decodedBodySize, 0)])(performance.getEntries().filter(e => e.entryType === 'resource' || e.entryType === 'navigation'))`); err != nil || asked[0] > 50 || asked[1] > 400_000 {
		t.Errorf("the first page asks for %d files of %d bytes, %v", asked[0], asked[1], err)
	}

	// By an address, as a tag or a skill of another page leads there.
	visit("?type=Badge&skill=use-tools-for-welding&skill=work-in-the-yard#achievements")
	chosen := shown()
	if len(chosen.Names) == 0 || len(chosen.Names) == 60 || chosen.Count != fmt.Sprintf("%d of 60", len(chosen.Names)) || !slices.Equal(chosen.Chips, []string{"Badge", "use tools for welding", "work in the yard", "Clear all"}) || len(chosen.Checked) != 3 {
		t.Errorf("an address chooses %+v", chosen)
	}
	// The counts of a facet follow the other facets, not itself.
	if languages := chosen.Tally["language=en"] + chosen.Tally["language=de"]; languages != len(chosen.Names) {
		t.Errorf("%d languages of %d achievements", languages, len(chosen.Names))
	}
	visit("?type=Course&skill=use-tools-for-welding&skill=work-in-the-yard#achievements")
	if course := shown(); len(course.Names) != chosen.Tally["type=Course"] || course.Tally["type=Badge"] != len(chosen.Names) {
		t.Errorf("%d courses where the box said %d, and %d badges where there are %d", len(course.Names), chosen.Tally["type=Course"], course.Tally["type=Badge"], len(chosen.Names))
	}
	visit("?skill=no-such-skill&tag=%3Cb%3E#achievements")
	if none := shown(); len(none.Names) != 0 || none.Count != "0 of 60" || !slices.Equal(none.Chips, []string{"no such skill", "<b>", "Clear all"}) {
		t.Errorf("an address of what is not there chooses %+v", none)
	}

	// With the keyboard: a search, a choice, which is taken back, and the way back.
	visit("")
	focus("#query")
	press("g", "l", "a", "z", "x", kb.Enter)
	if none := shown(); len(none.Names) != 0 || none.Address != "/hall/?q=glazx#achievements" {
		t.Errorf("the search finds %+v", none)
	}
	press(kb.Backspace, " ", "S", "h", "o", "w", "s")
	found := shown()
	if len(found.Names) != 3 || found.Count != "3 of 60" || found.Address != "/hall/?q=glaz+Shows#achievements" {
		t.Errorf("the search finds %+v", found)
	}
	focus("input[value=Badge]")
	press(" ")
	badges := shown()
	if len(badges.Names) != found.Tally["type=Badge"] || badges.Address != "/hall/?type=Badge&q=glaz+Shows#achievements" || badges.Focus != "type" || len(badges.Disabled) == 0 {
		t.Errorf("a box that is ticked leaves %+v", badges)
	}
	focus("[data-chosen] button")
	press(kb.Enter)
	if back := shown(); !slices.Equal(back.Names, found.Names) || len(back.Chips) != 0 || back.Focus != "query" {
		t.Errorf("a choice that is taken back leaves %+v", back)
	}
	if _, err := evaluate[bool](b, `new Promise(done => { addEventListener('popstate', () => setTimeout(done, 0, true), {once: true}); history.back(); })`); err != nil {
		t.Fatal(err)
	}
	if back := shown(); !reflect.DeepEqual(back.Names, badges.Names) || back.Address != badges.Address || !slices.Equal(back.Checked, []string{"type=Badge"}) {
		t.Errorf("the way back leads to %+v", back)
	}

	// The second page has the rest, whose links and pictures lead where they are.
	visit("")
	focus("[data-pager] .button:nth-of-type(2)")
	press(kb.Enter)
	second := shown()
	if len(second.Names) != 20 || second.Address != "/hall/?page=2#achievements" || slices.Contains(first.Names, second.Names[0]) || second.Focus != "achievements" {
		t.Errorf("the second page shows %+v", second)
	}
	if links, err := evaluate[[]string](b, `[...document.querySelectorAll('[data-list] a, [data-list] img')].map(e => new URL(e.href || e.src).pathname)`); err != nil || len(links) != 40 {
		t.Fatal(err, links)
	} else if _, err := os.Stat(filepath.Join(dir, "public", strings.TrimPrefix(links[0], "/hall/"))); err != nil {
		t.Error(err)
	} else if _, err := os.Stat(filepath.Join(dir, "public", strings.TrimPrefix(links[1], "/hall/"))); err != nil {
		t.Error(err)
	}
	b.clean(t)

	// Without a script nothing is offered that needs one, and a link leads to all.
	plain := newTab(t, profile, server.URL, window(360), browser.Scripts(false))
	for page, rows := range map[string]int{"": 40, "achievements/": 60} {
		if err := plain.visit(home + page); err != nil {
			t.Fatal(err)
		}
		seen, err := evaluate[[3]int](plain, `[document.querySelectorAll('.row h3 a').length, document.querySelectorAll('a[href="./achievements/"]').length,
			[...document.querySelectorAll('main :is(input, summary, button)')].filter(e => e.getClientRects().length > 0).length]`)
		if err != nil || seen[0] != rows || seen[2] != 0 || (page == "") != (seen[1] == 1) {
			t.Errorf("/%s without a script has rows, links to all, and controls: %v, %v", page, seen, err)
		}
	}
	plain.clean(t)

	axe := browser.NewAxe(t)
	for width, scheme := range map[int64]string{320: "dark", 1280: "light"} {
		b := newTab(t, profile, server.URL, window(width), colours(scheme), browser.Policy(false))
		for _, page := range []string{"?type=Badge&q=step", "achievements/", "skills/use-tools-for-welding/"} {
			if err := b.visit(home + page); err != nil {
				t.Fatal(err)
			}
			if l, err := b.look(); err != nil || len(l.Wide) > 0 {
				t.Errorf("%s, %d wide: %v %v", page, width, l.Wide, err)
			}
			axe.Ask(t, b.Tab, "/"+page)
		}
	}
	axe.Log(t)
}

// TestBenchCatalogue measures, for make bench, and asserts nothing: what a catalogue of
// 500 achievements takes to build, and what its first page asks for before anybody
// scrolls, beside that of the sample academy.
func TestBenchCatalogue(t *testing.T) {
	program := os.Getenv("LAUREL_BENCH")
	if program == "" {
		t.Skip("it is part of make bench")
	}
	dir := t.TempDir()
	catalogueOf(t, dir, 500)
	build := exec.CommandContext(t.Context(), program, "-C", dir, "build")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("laurel build: %v\n%s", err, out)
	}
	used := build.ProcessState.UserTime() + build.ProcessState.SystemTime()
	fmt.Printf("\na catalogue of 500 achievements\n  build, without awards %34.2f s CPU\n", used.Seconds())
	profile := newBrowser(t)
	for _, site := range []struct{ what, dir, base string }{{"500 achievements", dir, "/hall/"}, {"the sample academy", academy.read(t), "/larkspur/"}} {
		server := serve(t, filepath.Join(site.dir, "public"), site.base)
		for _, width := range []int64{412, 1280} {
			b := newTab(t, profile, server.URL, window(width), command(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
			if err := b.visit(server.URL + site.base); err != nil {
				t.Fatal(err)
			}
			seen, err := evaluate[[4]float64](b, `new Promise(done => setTimeout(() => {
				const all = performance.getEntries().filter(e => e.entryType === 'resource' || e.entryType === 'navigation'), sum = name => all.reduce((n, e) => n + e[name], 0);
				done([all.length, sum('transferSize') / 1000, sum('decodedBodySize') / 1000, document.documentElement.scrollHeight]);
			}, 1500))`)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Printf("  first page of %s, %d wide: %.0f requests, %.0f kB, %.0f kB unpacked, %.0f px\n", site.what, width, seen[0], seen[1], seen[2], seen[3])
		}
	}
}
