package content

import (
	"slices"

	"laurel/internal/authoring/model"
)

// profile reads the properties of a Profile.
func (l *loader) profile(o object) *model.Profile {
	p := &model.Profile{
		Name:             o.text("name"),
		URL:              o.webURL("url"),
		Phone:            o.phone("phone"),
		Description:      o.prose("description"),
		Image:            l.image(o, "image"),
		Email:            o.email("email"),
		OtherIdentifier:  l.identifiers(o),
		Official:         o.text("official"),
		FamilyName:       o.text("familyName"),
		GivenName:        o.text("givenName"),
		AdditionalName:   o.text("additionalName"),
		PatronymicName:   o.text("patronymicName"),
		HonorificPrefix:  o.text("honorificPrefix"),
		HonorificSuffix:  o.text("honorificSuffix"),
		FamilyNamePrefix: o.text("familyNamePrefix"),
		DateOfBirth:      o.day("dateOfBirth"),
	}
	if a, ok := o.object("address", addressClass); ok {
		p.Address = address(a)
	}
	p.ParentOrg = l.otherProfile(o, "parentOrg")
	return p
}

// otherProfile reads a Profile of somebody else, who needs an id of their own.
func (l *loader) otherProfile(o object, name string) *model.Profile {
	c, ok := o.object(name, profileClass)
	if !ok {
		return nil
	}
	p := l.profile(c)
	p.ID = c.uri("id")
	return p
}

func address(o object) *model.Address {
	a := &model.Address{
		AddressCountry:      o.text("addressCountry"),
		AddressCountryCode:  o.country("addressCountryCode"),
		AddressRegion:       o.text("addressRegion"),
		AddressLocality:     o.text("addressLocality"),
		StreetAddress:       o.text("streetAddress"),
		PostOfficeBoxNumber: o.text("postOfficeBoxNumber"),
		PostalCode:          o.text("postalCode"),
	}
	if g, ok := o.object("geo", geoClass); ok {
		a.Geo = &model.GeoCoordinates{Latitude: g.degrees("latitude", 90), Longitude: g.degrees("longitude", 180)}
	}
	return a
}

func (o object) degrees(name string, limit float64) float64 {
	f := o.number(name, true)
	if f == nil {
		return 0
	}
	if *f < -limit || *f > limit {
		v, _ := o.get(name)
		v.problem("is not a place on Earth", "write degrees with a decimal point, such as 52.52")
	}
	return *f
}

func (l *loader) identifiers(o object) []model.IdentifierEntry {
	return objects(o, "otherIdentifier", identifierClass, func(e object) model.IdentifierEntry {
		i := model.IdentifierEntry{Identifier: e.text("identifier"), IdentifierType: e.extensible("identifierType", append(slices.Clip(identifierTypes), model.LinkedInOrganization))}
		if v, ok := e.get("identifier"); ok && i.IdentifierType == model.LinkedInOrganization && !model.IsLinkedInNumber(i.Identifier) {
			v.problem("is not the number of an organisation at LinkedIn", "its page's address as an administrator sees it has the number: linkedin.com/company/NUMBER/admin/")
		}
		return i
	})
}
