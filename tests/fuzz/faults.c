/* Faults of a disk, for one process: `tests/fuzz/disk.py` compiles this and loads it before every other library.

   `arm(folder, at, kind)`: calls that change something below `folder` are counted from 1. With kind 'k' the process is
   killed at the call number `at` (a write has written half by then); with 'f' the disk is full from that call on; with
   '1' it is full for that call alone. `counted()` gives how many there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[4096];
static long at_call;
static char fault;
static atomic_long calls;

void arm(const char *below, long at, char kind) {
    calls = 0;
    at_call = at;
    fault = kind;
    strncpy(folder, below, sizeof folder - 1);
}
long counted(void) { return calls; }

static int below(const char *path) {
    return folder[0] && path && !strncmp(path, folder, strlen(folder));
}
static int concerns(int fd) {
    char link[64], path[4096];
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return below(path);
}
static void say(const char *call, const char *path, int fd) {
    char link[64], name[4096] = "", line[4400];
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, name, sizeof name - 1) > 0) path = name;
    }
    int n = snprintf(line, sizeof line, "fault at %s %s\n", call, path ? path + strlen(folder) : "?");
    if (n > 0) (void)!write(2, line, n);
}
/* 0: go on; 1: kill; 2: full */
static int now(const char *call, const char *path, int fd, int fills) {
    if (path ? !below(path) : !concerns(fd)) return 0;
    long number = ++calls;
    if (fault == 'k' && number == at_call) { say(call, path, fd); return 1; }
    if (fills && ((fault == 'f' && number >= at_call) || (fault == '1' && number == at_call))) {
        if (number == at_call) say(call, path, fd);
        return 2;
    }
    return 0;
}
#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)
#define DIE kill(getpid(), SIGKILL), pause()
#define FULL do { errno = ENOSPC; return -1; } while (0)

#define WRITES(name, rest_decl, rest) \
ssize_t name(int fd, const void *data, size_t size rest_decl) { \
    REAL(ssize_t, name, int, const void *, size_t rest_decl); \
    switch (now(#name, NULL, fd, 1)) { \
    case 1: real(fd, data, size / 2 rest); DIE; \
    case 2: FULL; } \
    return real(fd, data, size rest); }
#define NOTHING
#define OFFSET_DECL , off_t offset
#define OFFSET , offset
WRITES(write, NOTHING, NOTHING)
WRITES(pwrite, OFFSET_DECL, OFFSET)
WRITES(pwrite64, OFFSET_DECL, OFFSET)
ssize_t writev(int fd, const struct iovec *data, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    switch (now("writev", NULL, fd, 1)) { case 1: DIE; case 2: FULL; }
    return real(fd, data, n);
}
#define COPIES(name) \
ssize_t name(int out, int in, off_t *offset, size_t size) { \
    REAL(ssize_t, name, int, int, off_t *, size_t); \
    switch (now(#name, NULL, out, 1)) { case 1: real(out, in, offset, size / 2 < 4096 ? size / 2 : 4096); DIE; case 2: FULL; } \
    return real(out, in, offset, size); }
COPIES(sendfile)
COPIES(sendfile64)
ssize_t copy_file_range(int in, off_t *from, int out, off_t *to, size_t size, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off_t *, int, off_t *, size_t, unsigned);
    switch (now("copy_file_range", NULL, out, 1)) { case 1: DIE; case 2: FULL; }
    return real(in, from, out, to, size, flags);
}
#define SYNCS(name) \
int name(int fd) { REAL(int, name, int); if (now(#name, NULL, fd, 0)) DIE; return real(fd); }
SYNCS(fsync)
SYNCS(fdatasync)
#define CUTS(name) \
int name(int fd, off_t size) { REAL(int, name, int, off_t); if (now(#name, NULL, fd, 0)) DIE; return real(fd, size); }
CUTS(ftruncate)
CUTS(ftruncate64)
#define TWO(name, fills) \
int name(const char *one, const char *other) { REAL(int, name, const char *, const char *); \
    switch (now(#name, other, -1, fills)) { case 1: DIE; case 2: FULL; } return real(one, other); }
TWO(rename, 0)
TWO(link, 1)
#define ONE(name) \
int name(const char *path) { REAL(int, name, const char *); if (now(#name, path, -1, 0)) DIE; return real(path); }
ONE(unlink)
ONE(rmdir)
int mkdir(const char *path, mode_t mode) {
    struct stat facts;
    REAL(int, mkdir, const char *, mode_t);
    if (stat(path, &facts)) switch (now("mkdir", path, -1, 1)) { case 1: DIE; case 2: FULL; }
    return real(path, mode);
}
#define OPENS(name) \
int name(const char *path, int flags, ...) { \
    struct stat facts; va_list more; mode_t mode = 0; \
    REAL(int, name, const char *, int, ...); \
    if (flags & O_CREAT) { va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
    if (flags & (O_CREAT | O_TRUNC)) switch (now(#name, path, -1, (flags & O_CREAT) && stat(path, &facts))) { \
        case 1: DIE; case 2: FULL; } \
    return real(path, flags, mode); }
OPENS(open)
OPENS(open64)
