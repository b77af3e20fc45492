package plan

import (
	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// Missed are the awards to be signed of which a result does not reach what its
// description requires. That may be meant; where a lower mark is better, it is a
// mistake of the scale, which is not to be signed.
func (p *Plan) Missed() []*Issue {
	m := p.mapper()
	descriptions := map[*model.Achievement][]vc.ResultDescription{}
	var missed []*Issue
	for _, i := range p.Issue {
		a := i.Award.Achievement
		if a == nil {
			continue // a record has none
		}
		if _, known := descriptions[a]; !known {
			descriptions[a] = mapAll(a.ResultDescription, m.resultDescription(a))
		}
		for _, r := range i.Award.Result {
			if s, _ := m.result(a)(r).Standing(descriptions[a]); s.Outcome == vc.Missed {
				missed = append(missed, i)
				break
			}
		}
	}
	return missed
}
