package content

import (
	"cmp"
	"path"
	"strings"

	"laurel/internal/authoring/model"
)

var (
	publishClass    = &class{name: "publish", fields: []string{"git", "folder", "s3"}}
	publishGitClass = &class{name: "git", required: []string{"repository"}, fields: []string{"repository", "branch"},
		notes: map[string]string{"token": secretNote, "password": secretNote, "url": `did you mean "repository"?`}}
	publishS3Class = &class{name: "s3", required: []string{"bucket"}, fields: []string{"endpoint", "bucket", "prefix", "region"},
		notes: map[string]string{"accessKey": keysNote, "accessKeyId": keysNote, "secretKey": keysNote, "secretAccessKey": keysNote, "access_key": keysNote, "secret_key": keysNote}}
)

const (
	secretNote = "no secret belongs into this file, which is in git: git asks its credential helper, or uses an ssh key"
	keysNote   = "no secret belongs into this file, which is in git: keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from ~/.aws/credentials"
)

// publish reads where the site is published.
func (l *loader) publish(o object) (p model.Publish) {
	m, ok := o.object("publish", publishClass)
	if !ok {
		return p
	}
	if g, ok := m.object("git", publishGitClass); ok {
		p.Git.Repository = g.check("repository", model.RepositoryFault)
		p.Git.Branch = cmp.Or(g.check("branch", model.BranchFault), model.DefaultBranch)
	}
	p.Folder = m.check("folder", func(s string) (string, string) {
		if strings.HasPrefix(s, "~") {
			return "must be a path, in which ~ means nothing", "write the whole path, or one relative to the site folder, such as ../site"
		}
		if strings.Contains(s, "\\") && !strings.Contains(s, ":") {
			return "must have slashes between its folders", "write " + strings.ReplaceAll(s, "\\", "/")
		}
		if path.Clean(s) == "." {
			return "must not be the site folder", "for example ../site"
		}
		return "", ""
	})
	if s, ok := m.object("s3", publishS3Class); ok {
		p.S3 = model.PublishS3{Endpoint: cmp.Or(s.check("endpoint", model.EndpointFault), model.DefaultEndpoint), Bucket: s.check("bucket", model.BucketFault),
			Prefix: s.check("prefix", model.PrefixFault), Region: s.check("region", model.RegionFault)}
	}
	return p
}
