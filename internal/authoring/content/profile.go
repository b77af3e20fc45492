package content

import "laurel/internal/authoring/model"

// profile reads the properties of a Profile. The caller requires what it
// needs.
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
	if v, ok := o.get("address"); ok {
		p.Address = address(v)
	}
	p.ParentOrg = l.otherProfile(o, "parentOrg")
	return p
}

// otherProfile reads a Profile of somebody else, who needs an id of their own.
func (l *loader) otherProfile(o object, name string) *model.Profile {
	v, ok := o.get(name)
	if !ok {
		return nil
	}
	c, ok := v.mapping(profileClass)
	if !ok {
		return nil
	}
	c.require("id", "name")
	p := l.profile(c)
	p.ID = c.uri("id")
	return p
}

func address(v value) *model.Address {
	o, ok := v.mapping(addressClass)
	if !ok {
		return nil
	}
	a := &model.Address{
		AddressCountry:      o.text("addressCountry"),
		AddressCountryCode:  o.country("addressCountryCode"),
		AddressRegion:       o.text("addressRegion"),
		AddressLocality:     o.text("addressLocality"),
		StreetAddress:       o.text("streetAddress"),
		PostOfficeBoxNumber: o.text("postOfficeBoxNumber"),
		PostalCode:          o.text("postalCode"),
	}
	if g, ok := o.get("geo"); ok {
		a.Geo = geo(g)
	}
	return a
}

func geo(v value) *model.GeoCoordinates {
	o, ok := v.mapping(geoClass)
	if !ok {
		return nil
	}
	o.require("latitude", "longitude")
	g := &model.GeoCoordinates{}
	g.Latitude = o.degrees("latitude", 90)
	g.Longitude = o.degrees("longitude", 180)
	return g
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
	var list []model.IdentifierEntry
	o.list("otherIdentifier", func(v value) {
		e, ok := v.mapping(identifierClass)
		if !ok {
			return
		}
		e.require("identifier", "identifierType")
		list = append(list, model.IdentifierEntry{
			Identifier:     e.text("identifier"),
			IdentifierType: e.extensible("identifierType", identifierTypes),
		})
	})
	return list
}
