// Package privacy is the one place that knows what may never be published: in
// which folders nothing private may be written, which folders must stay apart,
// and what the bytes of a file give away. Build sends every byte of public/
// through its Gate; whatever writes what names people asks CheckPlace first;
// audit looks at other people's sites with its Find.
//
// It refuses and reports, and never draws, prints or mends. What it says of a
// fault never quotes what is private.
package privacy

import "laurel/internal/material/hint"

// folder is one that every site folder has, or may have.
type folder struct {
	name string // relative to the site folder, slash-separated
	// why nothing may be written there that is not the site's own.
	why string
	// apart: it may not lie inside public/.
	apart bool
	// secret: none of its files may be published under another name, but for
	// those in the folders shared.
	secret bool
	shared []string
}

// folders are all that a site folder is made of. One in another is named too:
// a link may have put it elsewhere.
var folders = []folder{
	{name: "public", why: "which is published"},
	{name: "content", why: "which laurel reads", apart: true, secret: true, shared: []string{"images", "pages", "static"}},
	{name: "content/awards", why: "which laurel reads", apart: true, secret: true},
	{name: "content/ledger", why: "which laurel alone writes", apart: true, secret: true},
	{name: "keys", why: "which holds keys", apart: true, secret: true},
	{name: "themes", why: "of which files are published"},
	{name: ".laurel", why: "which laurel alone writes", apart: true},
}

// What to try: about keys and the folders of a site, about what learners are
// handed, and about claim links.
const (
	moveKeys     = "what is published is public for good; move one of the two elsewhere (and if it was already online: laurel key revoke NAME)"
	moveDelivery = "what is published is public for good; deliver to a folder that is never published, such as ../packages (and if it was already online: laurel withdraw AWARD closes its claim link)"
	takeOutLink  = "whoever has a claim link has the award: remove it from the theme and from content/ (and if it was already online: laurel withdraw AWARD)"
)

// exposed says that a build would publish, or publishes already, what is private:
// what is "keys/" or "assets/a-0a1b2c3d.json", where what becomes of it. Nothing
// was written.
func exposed(what, where, try string) error { return hint.Errorf(try, "%s %s", what, where) }
