package content

import (
	"cmp"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
)

// certificate reads what site.yaml, an achievement or a cohort says of certificates.
func (l *loader) certificate(o object) (c model.Certificate) {
	o, ok := o.object("certificate", certificateClass)
	if !ok {
		return c
	}
	c.Design = o.design("design")
	c.Signatories = l.signatories(o)
	if p, ok := o.object("partner", partnerClass); ok {
		c.Partner = &model.Partner{Name: p.text("name"), Image: l.certificateImage(p, "image")}
	}
	c.Seal, c.Background = l.certificateImage(o, "seal"), l.certificateImage(o, "background")
	c.Caption = o.text("caption")
	return c
}

// design is the name of one of model.Designs.
func (o object) design(name string) string {
	return o.check(name, func(s string) (string, string) {
		if slices.Contains(model.Designs, s) {
			return "", ""
		}
		return "there is no design of that name", cmp.Or(didYouMean(s, model.Designs), "write "+oneOf(model.Designs))
	})
}

// signatories are those of a certificate. An empty list says that nobody signs.
func (l *loader) signatories(o object) []model.Signatory {
	v, ok := o.get("signatories")
	switch {
	case ok && v.node.Kind == yaml.SequenceNode && len(v.node.Content) == 0:
		return []model.Signatory{}
	case ok && v.node.Kind == yaml.SequenceNode && len(v.node.Content) > model.MaxSignatories:
		third := v.child("", model.MaxSignatories, v.node.Content[model.MaxSignatories])
		third.problem("is one too many: a certificate has room for "+strconv.Itoa(model.MaxSignatories)+" signatories", "delete all but those who sign; an award list may name others than site.yaml")
	}
	return objects(o, "signatories", signatoryClass, func(s object) model.Signatory {
		return model.Signatory{Name: s.text("name"), Title: s.text("title"), Image: l.certificateImage(s, "image")}
	})
}

func (l *loader) certificateImage(o object, name string) *model.CertificateImage {
	return (*model.CertificateImage)(l.image(o, name))
}
