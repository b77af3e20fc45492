package badge

import (
	"math"
	"slices"
	"strings"
)

// outline draws an emblem's edge around the origin, r from it.
type outline func(p *pen, r float64)

// family is the outlines of several kinds of achievement: those of some types, and
// those of an issuer's own ("ext:…") that have a word in them.
type family struct {
	outlines []outline
	types    []string
	words    []string // in lower case
	// small and sink are how much smaller and lower the rest of it is drawn.
	small, sink float64
}

func (f family) scale() float64 { return 1 - f.small }

// families have every term of the AchievementType enumeration between them (Open
// Badges Specification v3.0, "AchievementType Enumeration"). The first is that of
// all else; of several with a word of a type, the first counts.
var families = [...]family{
	{outlines: []outline{coin, lobed(24, .945), scalloped(16, .92), lobed(12, .93)}, types: []string{"Achievement", "Badge"}},
	{outlines: []outline{polygon(8, math.Pi/8, 1.04, .14), polygon(8, 0, 1.04, .14), polygon(10, 0, 1.03, .1)},
		types: []string{"MicroCredential"}, words: []string{"micro"}},
	{outlines: []outline{lobed(8, .915), lobed(8, .915).turned(math.Pi / 8), scalloped(8, .92)}, types: []string{"AssociateDegree", "BachelorDegree", "Degree",
		"DoctoralDegree", "MasterDegree", "ProfessionalDoctorate", "ResearchDoctorate"}, words: []string{"degree"}},
	{outlines: []outline{lobed(10, .92), scalloped(10, .91), lobed(10, .92).turned(math.Pi / 10)},
		types: []string{"Diploma", "GeneralEducationDevelopment", "SecondarySchoolDiploma"}, words: []string{"diploma"}},
	{outlines: []outline{shield(-.97, 0), shield(-.86, .3), shield(-1, -.2)}, types: []string{"License", "QualityAssuranceCredential"}, words: []string{"licen"}, // both spellings
		small: .14, sink: 2},
	{outlines: []outline{gear(12), gear(16), gear(20)}, types: []string{"ApprenticeshipCertificate", "Fieldwork", "JourneymanCertificate"}, words: []string{"apprentice"}},
	{outlines: []outline{lobed(20, .93), scalloped(20, .93), lobed(30, .95), scalloped(14, .92)},
		types: []string{"Certificate", "CertificateOfCompletion", "Certification", "MasterCertificate"}, words: []string{"certif"}},
	{outlines: []outline{polygon(6, 0, 1.05, .3), polygon(6, math.Pi/6, 1.05, .3), polygon(6, 0, 1.04, .5)}, types: []string{"Competency"}, words: []string{"competenc", "skill"}},
	{outlines: []outline{square(.86), square(.8), square(.93)}, types: []string{"LearningProgram"}, words: []string{"program"}},
	{outlines: []outline{ticket(.3, true), ticket(.3, false), ticket(.42, true)}, types: []string{"Course"}, words: []string{"course", "workshop"}},
	{outlines: []outline{burst(20), burst(24), burst(30), burst(16)}, types: []string{"Award"}, words: []string{"award"}},
	{outlines: []outline{lobed(6, .91), lobed(7, .91), lobed(9, .92)}, types: []string{"CommunityService"}, words: []string{"service"}},
	{outlines: []outline{scalloped(6, .945), scalloped(7, .94), scalloped(12, .92)}, types: []string{"CoCurricular", "Membership"}, words: []string{"member"}},
	{outlines: []outline{polygon(12, 0, 1.02, .08), polygon(7, 0, 1.05, .3), polygon(9, 0, 1.04, .2)}, types: []string{"Assessment", "Assignment"}},
}

// familyOf returns the family of an achievementType, which may be empty.
func familyOf(achievementType string) family {
	named := func(f family) bool { return slices.Contains(f.types, achievementType) }
	hinted := func(f family) bool {
		return slices.ContainsFunc(f.words, func(w string) bool { return strings.Contains(strings.ToLower(achievementType), w) })
	}
	for _, is := range []func(family) bool{named, hinted} {
		if i := slices.IndexFunc(families[:], is); i >= 0 {
			return families[i]
		}
	}
	return families[0]
}

func coin(p *pen, r float64) { p.circle(0, 0, r) }

// turned is an outline turned by an angle.
func (o outline) turned(angle float64) outline {
	return func(p *pen, r float64) {
		m := p.m
		p.m = m.turned(angle)
		o(p, r)
		p.m = m
	}
}

// lobed has n bulges outward, between inner times the radius and that.
func lobed(n int, inner float64) outline {
	return func(p *pen, r float64) { p.lobes(n, r, r*inner) }
}

// scalloped is bitten n times.
func scalloped(n int, inner float64) outline {
	return func(p *pen, r float64) {
		peaks := regular(n, r, 0)
		step := 2 * math.Pi / float64(n)
		low := r + (r*inner-r)*4/3
		p.move(peaks[0].x, peaks[0].y)
		for i := range n {
			from := step * float64(i)
			a, b, to := polar(low, from+step*.2), polar(low, from+step*.8), peaks[(i+1)%n]
			p.curve(a.x, a.y, b.x, b.y, to.x, to.y)
		}
		p.close()
	}
}

func polygon(n int, turn, size, cut float64) outline {
	return func(p *pen, r float64) { p.rounded(regular(n, r*size, turn), r*cut) }
}

func square(k float64) outline {
	return func(p *pen, r float64) { p.squircle(0, 0, r*.95, k) }
}

func burst(n int) outline {
	return func(p *pen, r float64) {
		tips, valleys := regular(n, r, 0), regular(n, r*.9, math.Pi/float64(n))
		var xy []float64
		for i := range n {
			xy = append(xy, tips[i].x, tips[i].y, valleys[i].x, valleys[i].y)
		}
		p.poly(xy...)
	}
}

func gear(n int) outline {
	return func(p *pen, r float64) {
		step := 2 * math.Pi / float64(n)
		var xy []float64
		for i := range n {
			at := step * float64(i)
			for _, q := range []point{polar(r*.92, at-step*.32), polar(r, at-step*.23), polar(r, at+step*.23), polar(r*.92, at+step*.32)} {
				xy = append(xy, q.x, q.y)
			}
		}
		p.poly(xy...)
	}
}

// ticket is a square whose corners are bitten, or bevelled.
func ticket(cut float64, bitten bool) outline {
	return func(p *pen, r float64) {
		s, c := r*.93, r*cut
		k := c * circleK
		if !bitten {
			k = c
		}
		p.move(-s+c, -s).line(s-c, -s).curve(s-c, -s+k, s-k, -s+c, s, -s+c)
		p.line(s, s-c).curve(s-k, s-c, s-c, s-k, s-c, s)
		p.line(-s+c, s).curve(-s+c, s-k, -s+k, s-c, -s, s-c)
		p.line(-s, -s+c).curve(-s+k, -s+c, -s+c, -s+k, -s+c, -s).close()
	}
}

// shield has its shoulders at a height, and a top that is bent up or down.
func shield(shoulder, bend float64) outline {
	return func(p *pen, r float64) {
		w, y := r*.9, r*shoulder*.9
		top := y - r*bend*.35
		p.move(0, top).curve(w*.35, top, w*.6, y, w, y).line(w, r*.1).curve(w, r*.6, w*.5, r*.85, 0, r*1.02)
		p.curve(-w*.5, r*.85, -w, r*.6, -w, r*.1).line(-w, y).curve(-w*.6, y, -w*.35, top, 0, top).close()
	}
}
