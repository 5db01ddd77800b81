/*
 * Preloaded into a till whose power is going to be cut: records, in the order in which they happened, every
 * write, sync, cut to length, creation, renaming and removal of the files in one folder, with their content,
 * and what the till told its cashier meanwhile. The files are rebuilt from the recording at any point of it.
 *
 *   GUITAI_RECORD_FOLDER  what is recorded: this folder and all below it, by absolute paths
 *   GUITAI_RECORD_MARKS   a file outside of it: what is written there is recorded as a mark
 *   GUITAI_RECORD_LOG     the recording
 *
 * An entry is a head of 24 bytes (kind, file handle, two numbers, see struct entry) and `length` bytes of
 * content: path, two paths with a zero byte between them, or data. Memory mappings are not recorded: only the
 * index of SQLite's write-ahead log is mapped, and it is made anew after a power cut.
 *
 * cc -O2 -Wall -Wextra -shared -fPIC -pthread -o dist/tools/record-io.so tools/record-io.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN = 1, CLOSE, WRITE, SYNC, TRUNCATE, UNLINK, RENAME, MAKE_FOLDER, REMOVE_FOLDER, LINK, MARK };

struct entry {
    uint32_t kind;
    int32_t handle;
    /* Where a write goes, the length after a cut, 1 for an open that empties. */
    uint64_t number;
    uint64_t length;
};

#define HANDLES 65536
static char watched[HANDLES]; /* 1 = in the folder, 2 = the file of marks */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *marks;
static int recording = -1;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_rmdir)(const char *);

static void find(void *target, const char *name)
{
    *(void **)target = dlsym(RTLD_NEXT, name);
    if (!*(void **)target)
        abort();
}

__attribute__((constructor)) static void begin(void)
{
    find(&real_open, "open64");
    find(&real_close, "close");
    find(&real_write, "write");
    find(&real_pwrite, "pwrite64");
    find(&real_writev, "writev");
    find(&real_pwritev, "pwritev64");
    find(&real_fsync, "fsync");
    find(&real_fdatasync, "fdatasync");
    find(&real_ftruncate, "ftruncate64");
    find(&real_unlink, "unlink");
    find(&real_rename, "rename");
    find(&real_link, "link");
    find(&real_mkdir, "mkdir");
    find(&real_rmdir, "rmdir");
    folder = getenv("GUITAI_RECORD_FOLDER");
    marks = getenv("GUITAI_RECORD_MARKS");
    const char *log = getenv("GUITAI_RECORD_LOG");
    if (folder && marks && log)
        recording = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* A recording with a hole proves nothing: without room for it the program ends. */
static void record(enum kind kind, int handle, uint64_t number, const void *content, size_t length)
{
    struct entry head = { kind, handle, number, length };
    struct iovec both[2] = { { &head, sizeof head }, { (void *)content, length } };
    if (real_writev(recording, both, 2) != (ssize_t)(sizeof head + length))
        abort();
}

static void record_two(enum kind kind, const char *from, const char *to)
{
    char paths[8192];
    size_t first = strlen(from) + 1, second = strlen(to);
    if (first + second > sizeof paths)
        abort();
    memcpy(paths, from, first);
    memcpy(paths + first, to, second);
    record(kind, -1, 0, paths, first + second);
}

static int is_inside(const char *path)
{
    size_t length = recording < 0 ? 0 : strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static char watch_of(const char *path)
{
    if (recording < 0)
        return 0;
    return strcmp(path, marks) == 0 ? 2 : is_inside(path) ? 1 : 0;
}

static char watch(int handle)
{
    return handle >= 0 && handle < HANDLES ? watched[handle] : 0;
}

static void record_data(int handle, uint64_t position, const void *data, size_t length)
{
    record(watch(handle) == 2 ? MARK : WRITE, handle, position, data, length);
}

static void record_pieces(int handle, uint64_t position, const struct iovec *pieces, size_t written)
{
    for (; written > 0; pieces++) {
        size_t length = pieces->iov_len < written ? pieces->iov_len : written;
        record_data(handle, position, pieces->iov_base, length);
        position += length;
        written -= length;
    }
}

static int open_any(const char *path, int flags, mode_t mode)
{
    char kind = watch_of(path);
    if (!kind)
        return real_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    int handle = real_open(path, flags, mode);
    if (handle >= HANDLES)
        abort();
    if (handle >= 0) {
        watched[handle] = kind;
        if (kind == 1)
            record(OPEN, handle, flags & O_TRUNC ? 1 : 0, path, strlen(path));
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

static mode_t mode_of(int flags, va_list rest)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_any(path, flags, mode);
}

int close(int handle)
{
    if (!watch(handle))
        return real_close(handle);
    pthread_mutex_lock(&lock);
    if (watched[handle] == 1)
        record(CLOSE, handle, 0, "", 0);
    watched[handle] = 0;
    int result = real_close(handle);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t write(int handle, const void *data, size_t length)
{
    if (!watch(handle))
        return real_write(handle, data, length);
    pthread_mutex_lock(&lock);
    ssize_t written = real_write(handle, data, length);
    if (written > 0)
        record_data(handle, lseek(handle, 0, SEEK_CUR) - written, data, written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite64(int handle, const void *data, size_t length, off64_t position)
{
    if (!watch(handle))
        return real_pwrite(handle, data, length, position);
    pthread_mutex_lock(&lock);
    ssize_t written = real_pwrite(handle, data, length, position);
    if (written > 0)
        record_data(handle, position, data, written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int handle, const void *data, size_t length, off_t position)
{
    return pwrite64(handle, data, length, position);
}

ssize_t writev(int handle, const struct iovec *pieces, int count)
{
    if (!watch(handle))
        return real_writev(handle, pieces, count);
    pthread_mutex_lock(&lock);
    ssize_t written = real_writev(handle, pieces, count);
    if (written > 0)
        record_pieces(handle, lseek(handle, 0, SEEK_CUR) - written, pieces, written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwritev64(int handle, const struct iovec *pieces, int count, off64_t position)
{
    if (!watch(handle))
        return real_pwritev(handle, pieces, count, position);
    pthread_mutex_lock(&lock);
    ssize_t written = real_pwritev(handle, pieces, count, position);
    if (written > 0)
        record_pieces(handle, position, pieces, written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwritev(int handle, const struct iovec *pieces, int count, off_t position)
{
    return pwritev64(handle, pieces, count, position);
}

static int synced(int handle, int (*sync)(int))
{
    if (watch(handle) != 1)
        return sync(handle);
    pthread_mutex_lock(&lock);
    int result = sync(handle);
    if (result == 0)
        record(SYNC, handle, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int handle)
{
    return synced(handle, real_fsync);
}

int fdatasync(int handle)
{
    return synced(handle, real_fdatasync);
}

int ftruncate64(int handle, off64_t length)
{
    if (watch(handle) != 1)
        return real_ftruncate(handle, length);
    pthread_mutex_lock(&lock);
    int result = real_ftruncate(handle, length);
    if (result == 0)
        record(TRUNCATE, handle, length, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int handle, off_t length)
{
    return ftruncate64(handle, length);
}

static int named(enum kind kind, const char *path, int result)
{
    if (result == 0)
        record(kind, -1, 0, path, strlen(path));
    return result;
}

int unlink(const char *path)
{
    if (!is_inside(path))
        return real_unlink(path);
    pthread_mutex_lock(&lock);
    int result = named(UNLINK, path, real_unlink(path));
    pthread_mutex_unlock(&lock);
    return result;
}

int rmdir(const char *path)
{
    if (!is_inside(path))
        return real_rmdir(path);
    pthread_mutex_lock(&lock);
    int result = named(REMOVE_FOLDER, path, real_rmdir(path));
    pthread_mutex_unlock(&lock);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    if (!is_inside(path))
        return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    int result = named(MAKE_FOLDER, path, real_mkdir(path, mode));
    pthread_mutex_unlock(&lock);
    return result;
}

static int two_names(enum kind kind, int (*change)(const char *, const char *), const char *from, const char *to)
{
    if (!is_inside(from) && !is_inside(to))
        return change(from, to);
    pthread_mutex_lock(&lock);
    int result = change(from, to);
    if (result == 0)
        record_two(kind, from, to);
    pthread_mutex_unlock(&lock);
    return result;
}

int rename(const char *from, const char *to)
{
    return two_names(RENAME, real_rename, from, to);
}

int link(const char *from, const char *to)
{
    return two_names(LINK, real_link, from, to);
}
