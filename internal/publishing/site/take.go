package site

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// The places where an award's learner may take it. For what is sealed the claim
// page adds the credential to the wallet's in the browser.
const (
	// WalletURL is model.WalletURL, for templates.
	WalletURL       = model.WalletURL
	verifierPlusURL = "https://verifierplus.org/#verify?vc="
	linkedInURL     = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"
)

// take says how an award that is shown by page may be taken along, which is
// found at pageURL and judged at verifyURL; credentialURL is empty for what has
// no address of its own.
func (p *Layout) take(page *AwardPage, pageURL, verifyURL, credentialURL string) Take {
	t := Take{PageURL: pageURL, VerifyURL: verifyURL, CredentialURL: credentialURL, LinkedIn: linkedIn(page, pageURL), WalletHref: WalletURL}
	if credentialURL != "" {
		t.VerifierPlusHref = verifierPlusURL + encodeComponent(credentialURL)
	}
	return t
}

// publicTake is that of an award that has a page.
func (p *Layout) publicTake(page *AwardPage, rec *ledger.Record) Take {
	folder := model.AwardFolder(rec.Credential)
	return p.take(page, p.in.Site.URL(folder), p.verifyURL(rec), p.in.Site.URL(folder+"credential.json"))
}

// verifyURL is where the verify page judges a public award. The UUID alone
// says where: the shorter the address, the larger the squares of its QR code.
func (p *Layout) verifyURL(rec *ledger.Record) string {
	return p.in.Site.URL(page(verifyPagePath)) + "#" + strings.TrimPrefix(rec.Credential, "urn:uuid:")
}

// encodeComponent is the encodeURIComponent of browsers, so that what is made
// here and there is the same (ECMA-262, "URI Handling Functions").
func encodeComponent(s string) string { return asBrowsers.Replace(url.QueryEscape(s)) }

var asBrowsers = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

// linkedIn is the entry for a LinkedIn profile. Its days are those of UTC, as
// everywhere on the page.
func linkedIn(page *AwardPage, pageURL string) LinkedIn {
	l := LinkedIn{Name: page.Achievement.Name, Organization: page.IssuedBy.Name, Issued: page.AwardedDate,
		Expires: page.ValidUntil, CredentialID: strings.TrimPrefix(page.CredentialID, "urn:uuid:"), URL: pageURL}
	if l.Issued.IsZero() {
		l.Issued = page.ValidFrom
	}
	var b strings.Builder
	b.WriteString(linkedInURL)
	add := func(name, value string) {
		if value != "" {
			b.WriteString("&" + name + "=" + encodeComponent(value))
		}
	}
	month := func(prefix string, t time.Time) {
		if !t.IsZero() {
			add(prefix+"Year", strconv.Itoa(t.UTC().Year()))
			add(prefix+"Month", strconv.Itoa(int(t.UTC().Month())))
		}
	}
	add("name", l.Name)
	if page.IssuedBy.LinkedIn != "" { // LinkedIn takes the one or the other
		add("organizationId", page.IssuedBy.LinkedIn)
	} else {
		add("organizationName", l.Organization)
	}
	month("issue", l.Issued)
	month("expiration", l.Expires)
	add("certUrl", l.URL)
	add("certId", l.CredentialID)
	l.Href = b.String()
	return l
}

// PackagePage is what an award's own page would show of one of its credentials,
// for a file that its learner is handed: document is what was signed as
// variant, share the link that opens it, empty where there is none. It is drawn
// for an award of any visibility and publishes nothing. Its links are absolute,
// its downloads, path and canonical address are empty.
func (p *Layout) PackagePage(rec *ledger.Record, variant string, document []byte, share string) (*AwardPage, error) {
	a, _, err := p.awardPage(rec, p.in.Site.URL(""), "", document)
	if err != nil {
		return nil, err
	}
	a.URL, a.Canonical = "", ""
	switch public := p.shown(rec) && (variant == "" || variant == string(model.Full)); {
	case public && share == "":
		a.Take = p.publicTake(a, rec)
	case share != "":
		a.Take = p.take(a, share, share, "")
	default:
		a.Take = p.take(a, "", p.in.Site.URL(page(verifyPagePath)), "")
	}
	return a, nil
}
