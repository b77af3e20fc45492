package model

import (
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"laurel/internal/material/hint"
)

// Publish is where the site is published; what is zero is not one of the places. No
// secret is among it: these come from git, the environment, or the files in which
// the programs of a store keep them.
type Publish struct {
	Git    PublishGit
	Folder string // a path, relative to the site folder
	S3     PublishS3
}

// PublishGit is a branch of a git repository.
type PublishGit struct {
	Repository string // an address as git takes it, or a path, relative to the site folder
	Branch     string
}

// PublishS3 is a bucket of a store that speaks S3.
type PublishS3 struct {
	Endpoint string // an https URL without a path
	Bucket   string
	Prefix   string // of all keys; empty, or without a slash at its beginning and with one at its end
	Region   string // empty: the store's own
}

// Defaults of places.
const (
	DefaultBranch   = "gh-pages"
	DefaultEndpoint = "https://s3.amazonaws.com"
)

// StaticFile is a file of content/static, which is published as it is.
type StaticFile struct {
	Path string // relative to content/static and to public/, slash-separated
	Data []byte
}

// Check refuses what is wrong with the places: the first fault, with a hint.
func (p Publish) Check() error {
	for _, c := range []struct {
		name, value string
		fault       func(string) (string, string)
	}{
		{"repository", p.Git.Repository, RepositoryFault}, {"branch", p.Git.Branch, BranchFault}, {"endpoint", p.S3.Endpoint, EndpointFault},
		{"bucket", p.S3.Bucket, BucketFault}, {"prefix", p.S3.Prefix, PrefixFault}, {"region", p.S3.Region, RegionFault},
	} {
		if c.value == "" {
			continue
		}
		if fault, try := c.fault(c.value); fault != "" {
			return hint.Errorf(try, "%s %s", c.name, fault)
		}
	}
	return nil
}

var (
	branchName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,200}$`) })
	bucketName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`) })
	prefixText = regexp.MustCompile(`^([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]+/?$`)
	regionName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9-]{1,40}$`) })
	scpAddress = regexp.MustCompile(`^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^:]+$`)
)

const noSecret = "git keeps credentials: a credential helper, or an ssh key"

// RepositoryFault says what is wrong with the address of a git repository, and what to
// try; an empty fault: nothing.
func RepositoryFault(s string) (fault, hint string) {
	scheme, _, isURL := strings.Cut(s, "://")
	u, err := url.Parse(s)
	switch {
	case s == "" || strings.HasPrefix(s, "-") || strings.ContainsAny(s, "\x00\r\n"):
		return "must be the address of a git repository", "for example https://github.com/ana-example/badges.git"
	case strings.Contains(s, "::"):
		return "must not name a program", "write an https, ssh or file address, or a path"
	case isURL && (err != nil || scheme != "https" && scheme != "ssh" && scheme != "file"):
		return "must be an https, ssh or file address, or a path", "for example https://github.com/ana-example/badges.git"
	case isURL && u.User != nil && (scheme == "https" || hasPassword(u)):
		return "must not have a user name or password in it", noSecret
	case !isURL && strings.Contains(s, "@") && strings.Contains(s, ":") && !scpAddress.MatchString(s):
		return "must be an address such as git@github.com:ana-example/badges.git", noSecret
	}
	return "", ""
}

func hasPassword(u *url.URL) bool { _, ok := u.User.Password(); return ok }

// BranchFault says what is wrong with the name of a branch.
func BranchFault(s string) (fault, hint string) {
	if !branchName().MatchString(s) || strings.Contains(s, "..") || strings.Contains(s, "//") || strings.Contains(s, "/.") || strings.HasSuffix(s, "/") || strings.HasSuffix(s, ".") || strings.HasSuffix(s, ".lock") {
		return "must be the name of a branch", "for example " + DefaultBranch
	}
	return "", ""
}

// EndpointFault says what is wrong with the address of a store.
func EndpointFault(s string) (fault, hint string) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http":
		return "must be the https address of a store, without a path", "for example https://s3.eu-central-1.amazonaws.com; the bucket has a field of its own"
	case u.User != nil:
		return "must not have a user name or password in it", "keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from ~/.aws/credentials"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "must begin with https", "what travels without TLS can be changed on the way"
	}
	return "", ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// BucketFault says what is wrong with the name of a bucket.
func BucketFault(s string) (fault, hint string) {
	if !bucketName().MatchString(s) {
		return "must be the name of a bucket", "3 to 63 lower-case letters, digits, dots and hyphens"
	}
	return "", ""
}

// PrefixFault says what is wrong with a prefix of keys.
func PrefixFault(s string) (fault, hint string) {
	if !prefixText.MatchString(s) || strings.Contains("/"+s, "/../") || strings.Contains("/"+s, "/./") || strings.HasSuffix("/"+s, "/..") || strings.HasSuffix("/"+s, "/.") {
		return "must be a path without a slash at its beginning", "for example badges"
	}
	return "", ""
}

// RegionFault says what is wrong with the name of a region.
func RegionFault(s string) (fault, hint string) {
	if !regionName().MatchString(s) {
		return "must be the name of a region", "for example eu-central-1"
	}
	return "", ""
}
