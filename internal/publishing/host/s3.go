package host

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"laurel/internal/material/hint"
	"laurel/internal/material/pool"
)

// S3 is a bucket of a store that speaks the protocol of Amazon's S3, or what of it has
// a prefix. Whether the world may read the bucket is the store's matter.
type S3 struct {
	// Endpoint is the store's URL, without a path. Stores other than Amazon's and
	// Google's are asked with the bucket in the path.
	Endpoint string
	Bucket   string
	Prefix   string // with or without a slash at its end; empty: all of the bucket
	Region   string // empty: the store says

	// AccessKey and SecretKey are an account's, Token that of a session. Empty: they
	// are those of Profile in File, which is as ~/.aws/credentials.
	AccessKey, SecretKey, Token string
	File, Profile               string
}

const (
	// storeWorkers is how many requests are made at the same time.
	storeWorkers = 8
	// storeTries is how often each is made, where it fails for a reason that passes.
	storeTries = 5
	// storeSum is where an object has its SHA-256: stores that encrypt have another
	// ETag than the MD5 of what they were sent.
	storeSum = "Laurel-Sha256"
)

func (p *S3) String() string {
	return "bucket " + strings.TrimSuffix(p.Bucket+"/"+p.prefix(), "/") + " at " + p.Endpoint
}

func (p *S3) prefix() string {
	if p.Prefix == "" {
		return ""
	}
	return strings.TrimSuffix(p.Prefix, "/") + "/"
}

// store is a bucket that is open.
type store struct {
	*S3
	client *minio.Client
}

func (p *S3) open() (*store, error) {
	u, err := url.Parse(p.Endpoint)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a store", p.Endpoint)
	}
	keys := credentials.NewStaticV4(p.AccessKey, p.SecretKey, p.Token)
	if p.AccessKey == "" || p.SecretKey == "" {
		keys = credentials.New(&credentials.FileAWSCredentials{Filename: p.File, Profile: cmp.Or(p.Profile, "default")})
		if found, err := keys.GetWithContext(nil); err != nil || found.AccessKeyID == "" || found.SecretAccessKey == "" {
			return nil, hint.Errorf("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them to "+p.File, "there are no keys for %s", p)
		}
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: keys, Secure: u.Scheme == "https", Region: p.Region, MaxRetries: storeTries})
	if err != nil {
		return nil, fmt.Errorf("use %s: %w", p, err)
	}
	client.SetAppInfo("laurel", "1")
	return &store{p, client}, nil
}

// Compare lists the bucket. A file is as it was where its MD5 is the store's ETag, or
// where the SHA-256 that it was written with is the same.
func (p *S3) Compare(ctx context.Context, s *Site) (*Change, error) {
	b, err := p.open()
	if err != nil {
		return nil, err
	}
	there := map[string]minio.ObjectInfo{}
	listing, stop := context.WithCancel(ctx)
	defer stop()
	for o := range b.client.ListObjects(listing, p.Bucket, minio.ListObjectsOptions{Prefix: p.prefix(), Recursive: true}) {
		if o.Err != nil {
			return nil, b.fault("list", o.Err)
		}
		there[strings.TrimPrefix(o.Key, p.prefix())] = o
	}
	if err := refuseSiteFolder(p.String(), maps.Keys(there)); err != nil {
		return nil, err
	}
	same := make([]bool, len(s.Files))
	err = pool.Each(ctx, len(s.Files), storeWorkers, func(i int) (err error) {
		if o, ok := there[s.Files[i].Path]; ok && o.Size == s.Files[i].Size {
			same[i], err = b.same(ctx, s, s.Files[i], o)
		}
		return err
	}, nil)
	if err != nil {
		return nil, err
	}
	c := &Change{}
	for i, f := range s.Files {
		_, ok := there[f.Path]
		switch {
		case !ok:
			c.Added = append(c.Added, f.Path)
		case same[i]:
			c.Unchanged++
		default:
			c.Changed = append(c.Changed, f.Path)
		}
		delete(there, f.Path)
	}
	for path := range there {
		c.Removed = append(c.Removed, path)
	}
	c.sort(func(path string) bool { return s.Ours(path) || b.wrote(ctx, path) })
	c.read = b.read
	c.apply = func(ctx context.Context, done func(int)) error { return b.apply(ctx, s, c, done) }
	return c, nil
}

func (b *store) same(ctx context.Context, s *Site, f File, o minio.ObjectInfo) (bool, error) {
	data, err := s.read(f)
	if err != nil {
		return false, err
	}
	sum := md5.Sum(data)
	if strings.EqualFold(strings.Trim(o.ETag, `"`), hex.EncodeToString(sum[:])) {
		return true, nil
	}
	info, err := b.client.StatObject(ctx, b.Bucket, b.prefix()+f.Path, minio.StatObjectOptions{})
	if err != nil {
		return false, b.fault("look at "+f.Path+" in", err)
	}
	return info.UserMetadata[storeSum] == hex.EncodeToString(f.SHA256[:]), nil
}

// wrote tells of an object that laurel wrote it, whatever its name. What cannot be
// looked at was written by somebody else.
func (b *store) wrote(ctx context.Context, path string) bool {
	info, err := b.client.StatObject(ctx, b.Bucket, b.prefix()+path, minio.StatObjectOptions{})
	return err == nil && info.UserMetadata[storeSum] != ""
}

func (b *store) read(ctx context.Context, path string) ([]byte, error) {
	o, err := b.client.GetObject(ctx, b.Bucket, b.prefix()+path, minio.GetObjectOptions{})
	if err != nil {
		return nil, b.fault("read", err)
	}
	defer o.Close()
	data, err := io.ReadAll(o)
	if answer := minio.ToErrorResponse(err); err != nil && answer.Code == "NoSuchKey" {
		return nil, nil
	}
	if err != nil {
		return nil, b.fault("read "+path+" in", err)
	}
	return data, nil
}

// apply writes turn after turn: none begins before the one before it is done.
func (b *store) apply(ctx context.Context, s *Site, c *Change, done func(int)) error {
	var n atomic.Int64
	step := func() { done(int(n.Add(1))) }
	for _, files := range s.inTurn(c.Added, c.Changed) {
		err := pool.Each(ctx, len(files), storeWorkers, func(i int) error {
			defer step()
			return b.put(ctx, s, files[i])
		}, nil)
		if err != nil {
			return err
		}
	}
	return pool.Each(ctx, len(c.Removed), storeWorkers, func(i int) error {
		defer step()
		if err := b.client.RemoveObject(ctx, b.Bucket, b.prefix()+c.Removed[i], minio.RemoveObjectOptions{}); err != nil {
			return b.fault("remove "+c.Removed[i]+" from", err)
		}
		return nil
	}, nil)
}

func (b *store) put(ctx context.Context, s *Site, f File) error {
	data, err := s.read(f)
	if err != nil {
		return err
	}
	sum, short := hex.EncodeToString(f.SHA256[:]), md5.Sum(data)
	core := minio.Core{Client: b.client} // which takes digests that are known: the signature is over all that is sent
	_, err = core.PutObject(ctx, b.Bucket, b.prefix()+f.Path, bytes.NewReader(data), f.Size, base64.StdEncoding.EncodeToString(short[:]), sum, minio.PutObjectOptions{
		ContentType: mediaType(f.Path), CacheControl: cacheControl(f.Turn), UserMetadata: map[string]string{storeSum: sum}, DisableContentSha256: true})
	if err != nil {
		return b.fault("write "+f.Path+" to", err)
	}
	return nil
}

// fault says what a store has refused, and what to try.
func (b *store) fault(what string, err error) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	try := "check the endpoint, and that the store can be reached"
	switch answer := minio.ToErrorResponse(err); answer.Code {
	case "NoSuchBucket":
		try = "make the bucket at the store; laurel makes none, since who may read it is to be decided there"
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AllAccessDisabled", "ExpiredToken":
		try = "check the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that they may list, read, write and delete in the bucket"
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "InvalidRegion":
		try = "say the bucket's region: region: in content/site.yaml, or --region"
	}
	return hint.Errorf(try, "%s %s: %w", what, b.String(), err)
}
