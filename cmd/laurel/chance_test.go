package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"laurel/internal/issuing/ledger"
)

// sealedFiles are the published files that some learners' awards are sealed in,
// with what kind of capsule each is.
func sealedFiles(t *testing.T, dir string, people []learner) map[string]string {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sealed := map[string]string{}
	for i, r := range recordOf(t, l, people) {
		want := 0
		if people[i].visibility == "link" {
			want = 1
			if people[i].variants {
				want = 4
			}
		}
		if len(r.Capsules) != want {
			t.Errorf("%s learner %d, with variants: %v, has %d capsules, not %d", people[i].visibility, i, people[i].variants, len(r.Capsules), want)
		}
		for i, c := range capsulesOf(t, l, r) {
			kind := "an award to share, " + c.Variant
			if i == 0 {
				kind = fmt.Sprintf("an award in %d forms", 1+len(r.Variants))
			}
			sealed["c/"+c.Name+".jwe"] = kind
			sealed["c/"+c.Name+".page.jwe"] = "the page of " + kind
		}
	}
	return sealed
}

// checkSealed: the files that awards are sealed in tell nothing by name, form
// or size but how many they are, and no other file leads to them.
func checkSealed(t *testing.T, dir string, public map[string][]byte, closed []learner) {
	t.Helper()
	sealed := sealedFiles(t, dir, closed)
	named := regexp.MustCompile(`^c/([0-9a-f]{32})(\.page)?\.jwe$`)
	header := regexp.MustCompile(`^\{"alg":"dir","enc":"A256GCM",("kid":"page-1\.[A-Za-z0-9_-]{43}",)?"zip":"DEF"\}$`)
	sizes := map[string]map[int]int{} // by kind
	all := map[string]map[int]int{}   // of capsules, and of pages
	heads := map[string]bool{}
	names := newSearch()
	for name, data := range public {
		if !strings.HasPrefix(name, "c/") {
			continue
		}
		kind := sealed[name]
		m := named.FindStringSubmatch(name)
		if kind == "" || m == nil {
			t.Fatalf("%s is nobody's", name)
		}
		if m[2] == "" {
			names.add("name of a capsule", "c/", []byte(m[1]))
		}
		part := strings.Split(string(data), ".")
		head, err := base64.RawURLEncoding.DecodeString(part[0])
		if h := header.FindSubmatch(head); err != nil || len(part) != 5 || h == nil || (len(h[1]) > 0) != (m[2] != "") || part[1] != "" {
			t.Fatalf("%s is not what all of them are: %.80s", name, data)
		}
		heads[part[0]] = true
		text, err := base64.RawURLEncoding.DecodeString(part[3])
		if err != nil || len(text)%4096 != 0 || len(part[2]) != 16 || len(part[4]) != 22 {
			t.Errorf("%s: %d bytes are sealed in it (%v)", name, len(text), err)
		}
		if sizes[kind] == nil {
			sizes[kind] = map[int]int{}
		}
		sizes[kind][len(data)]++
		if all[m[2]] == nil {
			all[m[2]] = map[int]int{}
		}
		all[m[2]][len(data)]++
	}
	for name, data := range public {
		for _, finding := range names.in(name, data) {
			t.Error(finding)
		}
	}
	// Names here have from 25 to 55 bytes, and stand in a narrative as well.
	for kind, counts := range sizes {
		if len(counts) != 1 {
			t.Errorf("%s: the size tells learners from each other: %v", kind, counts)
		}
	}
	// Nor does it tell a whole award from one form of it.
	if len(all) != 2 || len(all[""]) != 1 || len(all[".page"]) != 1 || len(heads) != 2 {
		t.Errorf("capsules and pages have the sizes %v, and %d headers", all, len(heads))
	}
	t.Logf("%d capsules and pages: %v", len(sealed), sizes)
}

// checkChance: no figure that is published follows the list of learners, nor
// one award's figures each other. Once in a thousand times a figure looks as if
// it did; so then the dice are thrown again.
func checkChance(t *testing.T, dir string, people []learner, groups map[string][]learner) {
	t.Helper()
	drawn := chances(t, dir, people)
	for what, p := range drawn {
		t.Logf("%s: p = %.3f", what, p)
		if p >= 0.001 {
			continue
		}
		again := crowdedSite(t)
		for cohort, group := range groups {
			writeCohorts(t, again, cohort, group)
		}
		must(t, again, "sign")
		if second := chances(t, again, people)[what]; second < 0.001 {
			t.Errorf("%s are not by chance: p = %g, and again %g", what, p, second)
		}
	}
}

// chances are, for each figure, how likely it is as far from chance as it is.
func chances(t *testing.T, dir string, people []learner) map[string]float64 {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var indexes, variants, apart, neighbours []int
	var names []string
	for _, r := range recordOf(t, l, people) {
		if len(indexes) > 0 {
			neighbours = append(neighbours, r.Index-indexes[len(indexes)-1])
		}
		indexes = append(indexes, r.Index)
		for _, v := range r.Variants {
			variants = append(variants, v.Index)
			apart = append(apart, v.Index-r.Index)
		}
		names = append(names, r.Capsules...)
	}
	all := slices.Concat(indexes, variants)
	drawn := map[string]float64{
		"status indexes":                                 uniform(all),
		"status indexes of variants":                     uniform(variants),
		"distances of variants from their award":         uniform(apart),
		"distances of awards from the one before":        uniform(neighbours),
		"order of status indexes against that of a list": inOrder(indexes),
		"order of capsules against that of a list":       inOrder(names),
	}
	if slices.Sort(all); len(slices.Compact(all)) != len(indexes)+len(variants) {
		t.Error("a status index was given twice")
	}
	return drawn
}

// uniform is the chance that numbers modulo the length of a status list are as
// far from evenly spread as these are: Pearson's chi-squared test over 17 parts.
func uniform(numbers []int) float64 {
	const length, parts = 131072, 17
	var counts [parts]float64
	for _, n := range numbers {
		n = ((n % length) + length) % length
		counts[n*parts/length]++
	}
	sum, expected := 0.0, float64(len(numbers))/parts
	for _, c := range counts {
		sum += (c - expected) * (c - expected) / expected
	}
	// The upper tail with an even number of degrees of freedom is a sum.
	tail, term := 0.0, 1.0
	for i := range (parts - 1) / 2 {
		if i > 0 {
			term *= sum / 2 / float64(i)
		}
		tail += term
	}
	return math.Exp(-sum/2) * tail
}

// inOrder is the chance that values follow, or run against, the order they are
// in as closely as these do: Spearman's rank correlation.
func inOrder[T int | string](values []T) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n, d := float64(len(values)), 0.0
	for i, v := range values {
		rank, _ := slices.BinarySearch(sorted, v)
		d += float64(rank-i) * float64(rank-i)
	}
	rho := 1 - 6*d/(n*(n*n-1))
	return math.Erfc(math.Abs(rho) * math.Sqrt(n-1) / math.Sqrt2)
}

// TestChance: the measures of chance know an order when they see one.
func TestChance(t *testing.T) {
	t.Parallel()
	var rising, heaped, spread []int
	for i := range 300 {
		rising = append(rising, i*431)
		heaped = append(heaped, i)
		spread = append(spread, i*7919*7919%131072)
	}
	for what, p := range map[string]float64{"heaped": uniform(heaped), "rising": inOrder(rising)} {
		if p >= 0.001 {
			t.Errorf("%s numbers: p = %g", what, p)
		}
	}
	for what, p := range map[string]float64{"spread": uniform(spread), "spread, in order": inOrder(spread)} {
		if p < 0.001 {
			t.Errorf("%s numbers: p = %g", what, p)
		}
	}
}
