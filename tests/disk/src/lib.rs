//! A disk that fails when it is told to, and remembers what was synced.
//!
//! `LD_PRELOAD` puts these calls in the place of the C library's. `ZONEBOOK_FAULTS` names a file of rules
//! (`faults.rs`), read at every call, so that a test can change them while the process works. `ZONEBOOK_JOURNAL` names a file
//! to which is appended what survives a power cut (`journal.rs`). Only files under `ZONEBOOK_DISK` are concerned.

mod faults;
mod file;
mod journal;

use faults::{Call, Effect};
use libc::{c_char, c_int, c_uint, c_void, mode_t, off_t, size_t, ssize_t};
use std::cell::Cell;
use std::ffi::CStr;
use std::path::PathBuf;

thread_local! {
    /// Whether this thread is within one of the calls already: what it does there is not ours to disturb.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Does something unless this thread is within a call already.
fn aside<T>(does: impl FnOnce() -> T) -> Option<T> {
    if BUSY.try_with(|busy| busy.replace(true)).unwrap_or(true) {
        return None;
    }
    let done = does();
    let _ = BUSY.try_with(|busy| busy.set(false));
    Some(done)
}

fn fail(errno: c_int) -> c_int {
    // SAFETY: the C library's own place for the number of the last error.
    unsafe { *libc::__errno_location() = errno };
    -1
}

/// What is to become of a call on a file; the time of a slow one is over when this returns.
fn effect(call: Call, path: impl FnOnce() -> Option<PathBuf>) -> Option<Effect> {
    let effect = aside(|| faults::effect(call, &path()?)).flatten();
    if let Some(Effect::Slow(time)) = effect {
        std::thread::sleep(time);
        return None;
    }
    effect
}

fn text(path: *const c_char) -> Option<PathBuf> {
    if path.is_null() {
        return None;
    }
    // SAFETY: callers of the C library pass strings that end.
    let text = unsafe { CStr::from_ptr(path) };
    Some(PathBuf::from(text.to_str().ok()?))
}

fn write_with(file: c_int, write: impl FnOnce() -> libc::c_long) -> ssize_t {
    match effect(Call::Write, || file::path_of(file)) {
        Some(Effect::Error(errno)) => fail(errno) as ssize_t,
        _ => write() as ssize_t,
    }
}

fn sync_with(file: c_int, sync: impl FnOnce() -> libc::c_long) -> c_int {
    match effect(Call::Sync, || file::path_of(file)) {
        Some(Effect::Error(errno)) => fail(errno),
        Some(Effect::Lie) => 0,
        _ => {
            // What is written beside the sync may be missed by it.
            let before = aside(|| file::identity_of(file)).flatten();
            let done = sync() as c_int;
            if done == 0 {
                aside(|| journal::synced(file, before));
            }
            done
        }
    }
}

fn open_with(path: *const c_char, flags: c_int, open: impl FnOnce() -> libc::c_long) -> c_int {
    match effect(Call::Open, || text(path)) {
        Some(Effect::Error(errno)) => fail(errno),
        _ => {
            let file = open() as c_int;
            if file >= 0 && flags & libc::O_CREAT != 0 {
                aside(|| journal::created(file));
            }
            file
        }
    }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(file: c_int, bytes: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: passed on as it came.
    write_with(file, || unsafe { libc::syscall(libc::SYS_write, file, bytes, count) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(file: c_int, parts: *const libc::iovec, count: c_int) -> ssize_t {
    // SAFETY: passed on as it came.
    write_with(file, || unsafe { libc::syscall(libc::SYS_writev, file, parts, count) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(file: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: passed on as it came.
    write_with(file, || unsafe { libc::syscall(libc::SYS_pwrite64, file, bytes, count, at) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(file: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: passed on as it came.
    unsafe { pwrite(file, bytes, count, at) }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: passed on as it came.
    sync_with(file, || unsafe { libc::syscall(libc::SYS_fsync, file) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: passed on as it came.
    sync_with(file, || unsafe { libc::syscall(libc::SYS_fdatasync, file) })
}

/// As the C library's. The third argument is there only with flags that make a file; it comes in the same register.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: passed on as it came.
    open_with(path, flags, || unsafe {
        libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, mode as c_uint)
    })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { open(path, flags, mode) }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate(file: c_int, length: off_t) -> c_int {
    match effect(Call::Truncate, || file::path_of(file)) {
        Some(Effect::Error(errno)) => fail(errno),
        // SAFETY: passed on as it came.
        _ => unsafe { libc::syscall(libc::SYS_ftruncate, file, length) as c_int },
    }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate64(file: c_int, length: off_t) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { ftruncate(file, length) }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    if let Some(Effect::Error(errno)) = effect(Call::Rename, || text(to)) {
        return fail(errno);
    }
    let kept = aside(|| journal::keep(&text(to)?)).flatten();
    // SAFETY: passed on as it came.
    let done = unsafe { libc::syscall(libc::SYS_rename, from, to) as c_int };
    if done == 0 {
        aside(|| journal::renamed(&text(from)?, &text(to)?, kept));
    }
    done
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: passed on as it came.
    let done = unsafe { libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, path, mode as c_uint) as c_int };
    if done == 0 {
        aside(|| journal::made(&text(path)?));
    }
    done
}

/// Where a name that a call gives beside an open folder is.
fn beside(folder: c_int, name: *const c_char) -> Option<PathBuf> {
    let name = text(name)?;
    if name.is_absolute() || folder == libc::AT_FDCWD {
        Some(name)
    } else {
        Some(file::path_of(folder)?.join(name))
    }
}

fn remove_with(path: impl Fn() -> Option<PathBuf>, remove: impl FnOnce() -> libc::c_long) -> c_int {
    let kept = aside(|| journal::keep(&path()?)).flatten();
    let done = remove() as c_int;
    if done == 0 {
        aside(|| journal::removed(&path()?, kept));
    }
    done
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: passed on as it came.
    remove_with(|| text(path), || unsafe { libc::syscall(libc::SYS_unlink, path) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlinkat(folder: c_int, name: *const c_char, flags: c_int) -> c_int {
    // SAFETY: passed on as it came.
    remove_with(|| beside(folder, name), || unsafe { libc::syscall(libc::SYS_unlinkat, folder, name, flags) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    // SAFETY: passed on as it came.
    remove_with(|| text(path), || unsafe { libc::syscall(libc::SYS_rmdir, path) })
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn link(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { linkat(libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) }
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn linkat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    // SAFETY: passed on as it came.
    let done = unsafe { libc::syscall(libc::SYS_linkat, from_folder, from, to_folder, to, flags) as c_int };
    if done == 0 {
        aside(|| journal::linked(&beside(to_folder, to)?));
    }
    done
}

type Statvfs = unsafe extern "C" fn(*const c_char, *mut libc::statvfs) -> c_int;

/// As the C library's, but for the free room where a rule says how much there is.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn statvfs(path: *const c_char, found: *mut libc::statvfs) -> c_int {
    // SAFETY: the next library in the order of loading has a function of this name and type.
    let done = unsafe {
        let next = libc::dlsym(libc::RTLD_NEXT, c"statvfs".as_ptr());
        std::mem::transmute::<*mut c_void, Statvfs>(next)(path, found)
    };
    if done == 0
        && let Some(free) = aside(|| faults::free(&text(path)?)).flatten()
    {
        // SAFETY: filled by the call above.
        unsafe { (*found).f_bavail = free / (*found).f_frsize.max(1) };
    }
    done
}

/// As the C library's.
///
/// # Safety
/// As the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn statvfs64(path: *const c_char, found: *mut libc::statvfs) -> c_int {
    // SAFETY: the two are one on machines of 64 bits.
    unsafe { statvfs(path, found) }
}
