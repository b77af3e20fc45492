package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

const (
	optSysGood  = 1
	optClone    = 8
	optExitKill = 0x100000
	waitAll     = 0x40000000
)

// runTraced runs laurel under ptrace(2), so that faults hit the program as it is, with
// the libraries it uses; c is a command that was not started. All of it is done by
// one thread, the only one that the kernel lets do so; the group of processes keeps
// the waiting for laurel's threads apart from that of other tests for theirs.
func runTraced(c *exec.Cmd, what tracing) (traced, string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, w, err := os.Pipe()
	if err != nil {
		return traced{}, "", err
	}
	defer out.Close()
	said := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(out)
		said <- string(b)
	}()
	c.Stdout, c.Stderr = w, w
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true, Pdeathsig: syscall.SIGKILL}
	err = c.Start()
	w.Close()
	if err != nil {
		return traced{}, "", fmt.Errorf("%w: %v", errNoTrace, err)
	}
	r := &tracee{tracing: what, pid: c.Process.Pid, threads: map[int]*thread{}}
	if err = r.run(); err != nil {
		c.Process.Kill()
	}
	c.Process.Release() // it has been waited for
	return r.traced, <-said, err
}

// tracee is one traced run.
type tracee struct {
	tracing
	traced
	pid     int
	threads map[int]*thread
	isFull  bool
}

type thread struct {
	inside bool
	answer uint64 // of the call it is in; 0: its own
}

func (r *tracee) run() error {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(r.pid, &ws, waitAll, nil); err != nil {
		return fmt.Errorf("%w: wait: %v", errNoTrace, err)
	}
	if err := syscall.PtraceSetOptions(r.pid, optSysGood|optClone|optExitKill); err != nil {
		return fmt.Errorf("%w: set options: %v", errNoTrace, err)
	}
	r.threads[r.pid] = &thread{}
	if err := syscall.PtraceSyscall(r.pid, 0); err != nil {
		return fmt.Errorf("%w: %v", errNoTrace, err)
	}
	for {
		tid, err := syscall.Wait4(-r.pid, &ws, waitAll, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if ws.Exited() || ws.Signaled() {
			delete(r.threads, tid)
			if tid == r.pid {
				r.Exit = ws.ExitStatus()
				return nil
			}
			continue
		}
		signal := 0
		switch sig := ws.StopSignal(); {
		case sig == syscall.SIGTRAP|0x80:
			r.stop(tid)
		case sig == syscall.SIGTRAP: // a new thread, told by its parent
		case sig == syscall.SIGSTOP && r.threads[tid] == nil: // a new thread, told by itself
			r.threads[tid] = &thread{}
		default:
			signal = int(sig)
		}
		syscall.PtraceSyscall(tid, signal) // one that was killed meanwhile is waited for
	}
}

// stop looks at a thread that enters or leaves a system call.
func (r *tracee) stop(tid int) {
	t := r.threads[tid]
	if t == nil {
		t = &thread{}
		r.threads[tid] = t
	}
	t.inside = !t.inside
	var regs syscall.PtraceRegs
	if syscall.PtraceGetRegs(tid, &regs) != nil {
		return
	}
	if !t.inside {
		if t.answer != 0 {
			regs.Rax = t.answer
			t.answer = 0
			syscall.PtraceSetRegs(tid, &regs)
		}
		return
	}
	what, writes := r.call(&regs)
	if what == "" || !writes && !r.Reads {
		return
	}
	fail := func(errno syscall.Errno, done bool) {
		t.answer = uint64(-int64(errno))
		if !done {
			regs.Orig_rax = ^uint64(0)
			syscall.PtraceSetRegs(tid, &regs)
		}
	}
	if r.isFull {
		if strings.HasPrefix(what, "write ") || strings.HasPrefix(what, "create ") || strings.HasPrefix(what, "mkdir ") {
			fail(syscall.ENOSPC, false)
		}
		return
	}
	r.Calls++
	if r.Calls != r.At {
		return
	}
	r.Hit = what
	switch r.Fault {
	case fails:
		fail(syscall.EIO, false)
	case failsDone:
		fail(syscall.EIO, true)
	case full:
		r.isFull = true
		if strings.HasPrefix(what, "write ") && regs.Rdx > 1 {
			regs.Rdx /= 2
			syscall.PtraceSetRegs(tid, &regs)
		} else if writes && !strings.HasPrefix(what, "close ") {
			fail(syscall.ENOSPC, false)
		}
	case killed:
		syscall.Kill(r.pid, syscall.SIGKILL)
	}
}

// call names a call to the file system below the site; empty: it is another one.
func (r *tracee) call(regs *syscall.PtraceRegs) (what string, writes bool) {
	byFile := func(name string, writes bool) (string, bool) {
		file, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", r.pid, int32(regs.Rdi)))
		if err != nil || !r.inSite(file) {
			return "", false
		}
		return name + " " + strings.TrimPrefix(file, r.Site), writes
	}
	at := func(name string, dir, ptr uint64, writes bool) (string, bool) {
		file := r.text(ptr)
		if !filepath.IsAbs(file) {
			link := fmt.Sprintf("/proc/%d/cwd", r.pid)
			if int32(dir) != -100 { // AT_FDCWD
				link = fmt.Sprintf("/proc/%d/fd/%d", r.pid, int32(dir))
			}
			from, err := os.Readlink(link)
			if err != nil {
				return "", false
			}
			file = filepath.Join(from, file)
		}
		if !r.inSite(file) {
			return "", false
		}
		return name + " " + strings.TrimPrefix(file, r.Site), writes
	}
	const cwd = ^uint64(99)
	switch regs.Orig_rax {
	case syscall.SYS_OPENAT:
		if regs.Rdx&syscall.O_CREAT != 0 {
			return at("create", regs.Rdi, regs.Rsi, true)
		}
		return at("open", regs.Rdi, regs.Rsi, regs.Rdx&(syscall.O_WRONLY|syscall.O_RDWR) != 0)
	case syscall.SYS_READ, syscall.SYS_PREAD64:
		return byFile("read", false)
	case syscall.SYS_GETDENTS64:
		return byFile("readdir", false)
	case syscall.SYS_FSTAT:
		return byFile("stat", false)
	case syscall.SYS_NEWFSTATAT:
		return at("stat", regs.Rdi, regs.Rsi, false)
	case syscall.SYS_WRITE, syscall.SYS_PWRITE64:
		return byFile("write", true)
	case syscall.SYS_FSYNC, syscall.SYS_FDATASYNC:
		return byFile("sync", true)
	case syscall.SYS_FTRUNCATE:
		return byFile("truncate", true)
	case syscall.SYS_FLOCK:
		return byFile("lock", true)
	case syscall.SYS_FCHMOD:
		return byFile("chmod", true)
	case syscall.SYS_CLOSE:
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", r.pid, int32(regs.Rdi)))
		if _, after, ok := strings.Cut(string(b), "flags:\t"); err == nil && ok {
			flags, _, _ := strings.Cut(after, "\n")
			if n, err := strconv.ParseUint(flags, 8, 32); err == nil && n&(syscall.O_WRONLY|syscall.O_RDWR) != 0 {
				return byFile("close", true)
			}
		}
	case syscall.SYS_RENAMEAT, 316: // renameat2
		return at("rename", regs.Rdi, regs.Rsi, true)
	case syscall.SYS_RENAME:
		return at("rename", cwd, regs.Rdi, true)
	case syscall.SYS_UNLINKAT:
		return at("remove", regs.Rdi, regs.Rsi, true)
	case syscall.SYS_UNLINK, syscall.SYS_RMDIR:
		return at("remove", cwd, regs.Rdi, true)
	case syscall.SYS_MKDIRAT:
		return at("mkdir", regs.Rdi, regs.Rsi, true)
	case syscall.SYS_MKDIR:
		return at("mkdir", cwd, regs.Rdi, true)
	case syscall.SYS_UTIMENSAT:
		return at("utime", regs.Rdi, regs.Rsi, true)
	case syscall.SYS_FCHMODAT:
		return at("chmod", regs.Rdi, regs.Rsi, true)
	}
	return "", false
}

func (r *tracee) inSite(file string) bool {
	return file == r.Site || strings.HasPrefix(file, r.Site+"/")
}

// text reads a name of the process.
func (r *tracee) text(ptr uint64) string {
	if ptr == 0 {
		return ""
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", r.pid))
	if err != nil {
		return ""
	}
	defer mem.Close()
	b := make([]byte, 512)
	n, _ := mem.ReadAt(b, int64(ptr))
	name, _, _ := bytes.Cut(b[:n], []byte{0})
	return string(name)
}
