/* Fails or ends a process at the k-th write, fsync, rename or unlink below one folder. Loaded with LD_PRELOAD.
 *
 * fault_arm() says what to do and from then on counts; before it, every call goes through. With a trace, each call
 * that is counted is written there as a line: kind, number, path.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, FSYNC, RENAME, UNLINK, KINDS };
enum action { COUNT, FAIL_ONCE, FAIL_ALWAYS, KILL, TEAR };

static const char *const NAMES[KINDS] = {"write", "fsync", "rename", "unlink"};
static char folder[PATH_MAX];
static size_t folder_length;
static int armed, chosen_kind, chosen_number, chosen_action, chosen_errno, trace = -1;
static int counts[KINDS];

void fault_arm(const char *below, int kind, int number, int action, int error, int trace_descriptor)
{
    snprintf(folder, sizeof folder, "%s", below);
    folder_length = strlen(folder);
    chosen_kind = kind, chosen_number = number, chosen_action = action, chosen_errno = error;
    trace = trace_descriptor;
    memset(counts, 0, sizeof counts);
    armed = 1;
}

int fault_count(int kind) { return counts[kind]; }

static int is_below(const char *path)
{
    return armed && path && !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

static const char *path_of(int descriptor, char *buffer)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    if (length < 0) return NULL;
    buffer[length] = 0;
    return buffer;
}

/* Absolute, since a process may name what it renames or removes by a relative path. */
static const char *absolute(int base, const char *path, char *buffer)
{
    if (!armed || !path) return NULL;
    if (*path == '/') return path;
    char start[PATH_MAX];
    if (base == AT_FDCWD ? !getcwd(start, sizeof start) : !path_of(base, start)) return NULL;
    if (snprintf(buffer, PATH_MAX, "%s/%s", start, path) >= PATH_MAX) return NULL;
    return buffer;
}

/* What the call at `path` has to do: COUNT is to go through. */
static int decide(int kind, const char *path)
{
    if (!is_below(path)) return COUNT;
    int number = ++counts[kind], action = COUNT;
    if (trace >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s %d %s\n", NAMES[kind], number, path);
        syscall(SYS_write, trace, line, length);
    }
    if (kind == chosen_kind && (number == chosen_number || (number > chosen_number && chosen_action == FAIL_ALWAYS)))
        action = chosen_action;
    if (action == KILL) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (action == FAIL_ONCE || action == FAIL_ALWAYS) errno = chosen_errno;
    return action;
}

static int decide_for(int kind, int descriptor)
{
    char buffer[PATH_MAX];
    return armed ? decide(kind, path_of(descriptor, buffer)) : COUNT;
}

static int is_failure(int action) { return action == FAIL_ONCE || action == FAIL_ALWAYS; }
#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

#define WRITER(name, parameters, arguments, torn)                                   \
    ssize_t name parameters                                                         \
    {                                                                               \
        static typeof(&name) real;                                                  \
        if (!real) real = REAL(name);                                               \
        int action = decide_for(WRITE, descriptor);                                 \
        if (is_failure(action)) return -1;                                               \
        if (action == TEAR) {                                                       \
            real torn;                                                              \
            kill(getpid(), SIGKILL);                                                \
            for (;;) pause();                                                       \
        }                                                                           \
        return real arguments;                                                      \
    }

WRITER(write, (int descriptor, const void *data, size_t size), (descriptor, data, size), (descriptor, data, size / 2))
WRITER(pwrite, (int descriptor, const void *data, size_t size, off_t at), (descriptor, data, size, at),
       (descriptor, data, size / 2, at))
WRITER(pwrite64, (int descriptor, const void *data, size_t size, off64_t at), (descriptor, data, size, at),
       (descriptor, data, size / 2, at))
WRITER(writev, (int descriptor, const struct iovec *parts, int count), (descriptor, parts, count),
       (descriptor, parts, count / 2))

#define SHORTENER(name, type)                                                       \
    int name(int descriptor, type size)                                             \
    {                                                                               \
        static typeof(&name) real;                                                  \
        if (!real) real = REAL(name);                                               \
        return is_failure(decide_for(WRITE, descriptor)) ? -1 : real(descriptor, size);  \
    }

SHORTENER(ftruncate, off_t)
SHORTENER(ftruncate64, off64_t)

#define SYNCER(name)                                                                \
    int name(int descriptor)                                                        \
    {                                                                               \
        static typeof(&name) real;                                                  \
        if (!real) real = REAL(name);                                               \
        return is_failure(decide_for(FSYNC, descriptor)) ? -1 : real(descriptor);        \
    }

SYNCER(fsync)
SYNCER(fdatasync)

int rename(const char *from, const char *to)
{
    char buffer[PATH_MAX];
    return is_failure(decide(RENAME, absolute(AT_FDCWD, to, buffer))) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_base, const char *from, int to_base, const char *to)
{
    char buffer[PATH_MAX];
    if (is_failure(decide(RENAME, absolute(to_base, to, buffer)))) return -1;
    return REAL(renameat)(from_base, from, to_base, to);
}

int unlink(const char *path)
{
    char buffer[PATH_MAX];
    return is_failure(decide(UNLINK, absolute(AT_FDCWD, path, buffer))) ? -1 : REAL(unlink)(path);
}

int rmdir(const char *path)
{
    char buffer[PATH_MAX];
    return is_failure(decide(UNLINK, absolute(AT_FDCWD, path, buffer))) ? -1 : REAL(rmdir)(path);
}

int unlinkat(int base, const char *path, int flags)
{
    char buffer[PATH_MAX];
    return is_failure(decide(UNLINK, absolute(base, path, buffer))) ? -1 : REAL(unlinkat)(base, path, flags);
}
