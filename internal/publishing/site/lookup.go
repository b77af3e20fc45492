package site

import "laurel/internal/issuing/ledger"

// What the plan has in its files, for who needs one of them without its path.

// Badge is the picture of what an award is for, by model.Award.Slug; also of an
// achievement that is no longer in the content. The zero Badge: there is none.
func (p *Layout) Badge(slug string) Badge { return p.badges[slug] }

// IssuerBadge is the issuer's picture.
func (p *Layout) IssuerBadge() Badge { return p.issuerBadge }

// IssuerName is who awards, in the content's own words.
func (p *Layout) IssuerName() string { return p.in.Issuer.Name }

// IssuerProfile is the issuer as issuer.json has it.
func (p *Layout) IssuerProfile() []byte { return p.profile }

// DIDDocument is the issuer's, with every key that ever signed.
func (p *Layout) DIDDocument() []byte { return p.didDocument }

// StatusList is the newest signed document of a status list, by its number;
// nil: there is no such list.
func (p *Layout) StatusList(number int) []byte { return p.lists[number] }

// VerifyURL is the address of the page that judges credentials.
func (p *Layout) VerifyURL() string { return p.in.Site.URL(page(verifyPagePath)) }

// AwardURL is the address of a public award's page; empty: it has none.
func (p *Layout) AwardURL(rec *ledger.Record) string { return p.pages[rec] }
