package content_test

import (
	"errors"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
)

// TestPublish: places are read with their defaults, and what is wrong with one is told
// with its place, and what to do. No secret is taken.
func TestPublish(t *testing.T) {
	const siteFile = "content/site.yaml"
	places := func(says string) (*model.Site, error) {
		return academy().replace(t, siteFile, "visibility:", "publish: "+says+"\nvisibility:").load(t)
	}
	s, err := places("{git: {repository: 'git@example.org:school/badges.git'}, folder: ../site, s3: {bucket: badges}}")
	want := model.Publish{Git: model.PublishGit{Repository: "git@example.org:school/badges.git", Branch: "gh-pages"}, Folder: "../site", S3: model.PublishS3{Endpoint: "https://s3.amazonaws.com", Bucket: "badges"}}
	if err != nil || s.Publish != want {
		t.Errorf("%+v, %v", s, err)
	}
	for says, want := range map[string]string{
		"{git: {}}": "is required, but missing",
		"{git: {repository: 'https://ana:secret@example.org/x.git'}}":           "must not have a user name or password in it",
		"{git: {repository: 'https://ghp_secret@example.org/x.git'}}":           "git keeps credentials",
		"{git: {repository: 'ext::sh -c x'}}":                                   "must not name a program",
		"{git: {repository: '--upload-pack=x'}}":                                "must be the address of a git repository",
		"{git: {repository: 'http://example.org/x.git'}}":                       "must be an https, ssh or file address",
		"{git: {repository: x.git, branch: '-f'}}":                              "must be the name of a branch",
		"{git: {repository: x.git, branch: 'a..b'}}":                            "must be the name of a branch",
		"{git: {repository: x.git, token: x}}":                                  "no secret belongs into this file",
		"{folder: ~/site}":                                                      "in which ~ means nothing",
		"{folder: ./}":                                                          "must not be the site folder",
		"{s3: {endpoint: 'https://s3.example.org'}}":                            "is required, but missing",
		"{s3: {bucket: badges, endpoint: 'http://s3.example.org'}}":             "must begin with https",
		"{s3: {bucket: badges, endpoint: 'https://s3.example.org/badges'}}":     "the bucket has a field of its own",
		"{s3: {bucket: badges, endpoint: 'https://key:secret@s3.example.org'}}": "must not have a user name or password in it",
		"{s3: {bucket: Badges}}":                                                "must be the name of a bucket",
		"{s3: {bucket: badges, prefix: /x}}":                                    "must be a path without a slash at its beginning",
		"{s3: {bucket: badges, prefix: a/../b}}":                                "must be a path without a slash at its beginning",
		"{s3: {bucket: badges, secretKey: x}}":                                  "AWS_SECRET_ACCESS_KEY",
		"{gitt: {repository: x}}":                                               `did you mean "git"?`,
	} {
		_, err := places(says)
		var p content.Problems
		if !errors.As(err, &p) || !strings.Contains(err.Error(), siteFile+":") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", says, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: the secret is quoted", says)
		}
	}
}

// TestStatic: files that services ask for are taken as they are, and what could run is
// not.
func TestStatic(t *testing.T) {
	for name, data := range map[string]string{
		"google1234.html":                    "google-site-verification: google1234.html",
		"yandex_1234.html":                   "<html>\n<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\"></head>\n<body>Verification: 1234</body>\n</html>",
		"BingSiteAuth.xml":                   "<?xml version=\"1.0\"?>\n<users><user>0123</user></users>",
		".well-known/security.txt":           "Contact: mailto:a@example.org",
		".well-known/did-configuration.json": "{}",
		"CNAME":                              "badges.example.org",
		"favicon.ico":                        "\x00\x00\x01\x00",
	} {
		s, err := academy().with("content/static/"+name, data).load(t)
		if err != nil || len(s.Static) != 1 || s.Static[0].Path != name || string(s.Static[0].Data) != data {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, data := range map[string]string{
		"a.html":      "<p onclick=x()>",
		"b.html":      "<meta http-equiv=refresh content='0;url=https://example.org'>",
		"c.htm":       "<a href=https://example.org>",
		"d.html":      "\xff\xfe<\x00s\x00c\x00r\x00",
		"e.xml":       "<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script/></x>",
		"f.xml":       "<?xml-stylesheet href='x.xsl'?><x/>",
		"g.svg":       "<svg/>",
		"h.JS":        "x()",
		"page":        "<script>x()</script>",
		".htaccess":   "Redirect / https://example.org",
		".gitignore":  "x",
		"a b.txt":     "x",
		"ümlaut.txt":  "x",
		"web.config":  "x",
		"index.xhtml": "x",
	} {
		_, err := academy().with("content/static/"+name, data).load(t)
		var p content.Problems
		if !errors.As(err, &p) || len(p) != 1 || p[0].File != "content/static/"+name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
