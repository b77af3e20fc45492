package cli

import (
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/plan"
)

// printEndorsers says which key signs for each endorser.
func (a *app) printEndorsers(p *plan.Plan) {
	for _, e := range p.Endorsers {
		switch {
		case p.Site.Endorser(e.Slug) == nil:
		case e.Key.Kid == "":
			a.printf("no key for %s yet: run laurel key new --profile %s\n", clean(e.Slug), clean(e.Slug))
		case !keys.HasPrivate(a.keysDir(), e.Key.Kid):
			a.printTrouble(missingKey(e.Key))
		default:
			a.printf("key %s for %s\n", e.Key.Kid, clean(e.Slug))
		}
	}
}

func (a *app) printEndorsements(p *plan.Plan) {
	if len(p.Endorse) == 0 {
		return
	}
	a.printf("\n%s to sign:\n", plural(len(p.Endorse), "endorsement"))
	for _, e := range p.Endorse {
		a.printf("  + %s  %s", clean(e.Key().String()), clean(e.Name))
		if e.Replaces != "" {
			a.printf(", replaces %s", e.Replaces)
		}
		a.printf("\n")
	}
}

func (a *app) printUnendorsed(p *plan.Plan) {
	if len(p.Unendorsed) == 0 {
		return
	}
	a.printf("\n%s not signed, because the award was signed without it:\n", plural(len(p.Unendorsed), "endorsement"))
	for _, x := range p.Unendorsed {
		a.printf("  . %s\n", clean(x.Key().String()))
	}
	a.printf("  to sign the award again, with its endorsement: laurel reissue AWARD\n")
}

// ofProfile says whose something is that is not the issuer's.
func ofProfile(profile string) string {
	if profile == "" {
		return ""
	}
	return ", of " + clean(profile)
}

// awardsAmong counts things of which some may be endorsements.
func awardsAmong(n int, isAward func(int) bool) string {
	awards := 0
	for i := range n {
		if isAward(i) {
			awards++
		}
	}
	switch awards {
	case n:
		return plural(n, "award")
	case 0:
		return plural(n, "endorsement")
	}
	return plural(awards, "award") + " and " + plural(n-awards, "endorsement")
}
