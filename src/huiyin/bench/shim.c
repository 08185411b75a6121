/* Writes down what a process does to the files of one folder, in the order it happens.
 *
 * Loaded with LD_PRELOAD by the crash harness. Each record: kind, length of the path, a number (offset, new
 * length, or the pair of a sync), length of the data, nanoseconds of the monotonic clock; then path and data.
 * W write, T truncate, B and E the begin and the end of a sync, U unlink, R rename (data: the new path).
 * A write is recorded while no other can be, so the order on the tape is the order on the file. The -shm file
 * is left out: SQLite maps it, and rebuilds it from the -wal.
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
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 65536

struct head {
    uint8_t kind;
    uint8_t spare;
    uint16_t path_length;
    uint32_t data_length;
    int64_t number;
    int64_t nanoseconds;
};

static int tape = -1;
static const char *folder;
static size_t folder_length;
static char *paths[MOST_FILES];
static int64_t syncs;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("HUIYIN_TAPE");
    folder = getenv("HUIYIN_TAPE_FOLDER");
    if (where == NULL || folder == NULL) return;
    folder_length = strlen(folder);
    tape = REAL(open)(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ours(const char *path) {
    size_t length;
    if (tape < 0 || path == NULL || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return 0;
    length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static const char *path_of(int fd) { return fd >= 0 && fd < MOST_FILES ? paths[fd] : NULL; }

/* The caller holds the lock. */
static void note(char kind, const char *path, int64_t number, const void *data, size_t length) {
    struct timespec now;
    struct head head = {0};
    struct iovec parts[3];
    clock_gettime(CLOCK_MONOTONIC, &now);
    head.kind = (uint8_t)kind;
    head.path_length = (uint16_t)strlen(path);
    head.data_length = (uint32_t)length;
    head.number = number;
    head.nanoseconds = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    parts[0].iov_base = &head;
    parts[0].iov_len = sizeof head;
    parts[1].iov_base = (void *)path;
    parts[1].iov_len = head.path_length;
    parts[2].iov_base = (void *)data;
    parts[2].iov_len = length;
    if (writev(tape, parts, 3) != (ssize_t)(sizeof head + head.path_length + length)) _exit(74);
}

static int remember(int fd, const char *path, int flags) {
    int saved = errno;
    if (fd >= 0 && fd < MOST_FILES) {
        pthread_mutex_lock(&lock);
        free(paths[fd]);
        paths[fd] = ours(path) ? strdup(path) : NULL;
        if (paths[fd] != NULL && (flags & O_TRUNC)) note('T', path, 0, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    errno = saved;
    return fd;
}

#define OPENS(name)                                                                          \
    int name(const char *path, int flags, ...) {                                             \
        mode_t mode = 0;                                                                     \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                 \
            va_list more;                                                                    \
            va_start(more, flags);                                                           \
            mode = va_arg(more, mode_t);                                                     \
            va_end(more);                                                                    \
        }                                                                                    \
        return remember(((int (*)(const char *, int, ...))real(#name))(path, flags, mode), path, flags); \
    }
#define OPENS_AT(name)                                                                       \
    int name(int at, const char *path, int flags, ...) {                                     \
        mode_t mode = 0;                                                                     \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                 \
            va_list more;                                                                    \
            va_start(more, flags);                                                           \
            mode = va_arg(more, mode_t);                                                     \
            va_end(more);                                                                    \
        }                                                                                    \
        return remember(((int (*)(int, const char *, int, ...))real(#name))(at, path, flags, mode), path, flags); \
    }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int fd) {
    if (path_of(fd) != NULL) {
        pthread_mutex_lock(&lock);
        free(paths[fd]);
        paths[fd] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return REAL(close)(fd);
}

#define WRITES_AT(name, offset_type)                                                         \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) {              \
        ssize_t (*write_at)(int, const void *, size_t, offset_type) = real(#name);           \
        ssize_t done;                                                                        \
        if (path_of(fd) == NULL) return write_at(fd, data, length, offset);                  \
        pthread_mutex_lock(&lock);                                                           \
        done = write_at(fd, data, length, offset);                                           \
        if (done > 0) note('W', paths[fd], offset, data, (size_t)done);                      \
        pthread_mutex_unlock(&lock);                                                         \
        return done;                                                                         \
    }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done;
    int64_t at;
    struct stat now;
    if (path_of(fd) == NULL) return REAL(write)(fd, data, length);
    pthread_mutex_lock(&lock);
    at = lseek(fd, 0, SEEK_CUR);
    if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &now) == 0) at = now.st_size;
    done = REAL(write)(fd, data, length);
    if (done > 0) note('W', paths[fd], at, data, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define TRUNCATES(name, offset_type)                                                         \
    int name(int fd, offset_type length) {                                                   \
        int (*truncate_to)(int, offset_type) = real(#name);                                  \
        int done;                                                                            \
        if (path_of(fd) == NULL) return truncate_to(fd, length);                             \
        pthread_mutex_lock(&lock);                                                           \
        done = truncate_to(fd, length);                                                      \
        if (done == 0) note('T', paths[fd], length, NULL, 0);                                \
        pthread_mutex_unlock(&lock);                                                         \
        return done;                                                                         \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

/* What was written before a sync began is safe once it ended; the sync itself runs outside the lock. */
#define SYNCS(name)                                                                          \
    int name(int fd) {                                                                       \
        int64_t pair;                                                                        \
        int done;                                                                            \
        if (path_of(fd) == NULL) return REAL(name)(fd);                                      \
        pthread_mutex_lock(&lock);                                                           \
        pair = ++syncs;                                                                      \
        note('B', paths[fd], pair, NULL, 0);                                                 \
        pthread_mutex_unlock(&lock);                                                         \
        done = REAL(name)(fd);                                                               \
        if (done == 0) {                                                                     \
            pthread_mutex_lock(&lock);                                                       \
            note('E', paths[fd], pair, NULL, 0);                                             \
            pthread_mutex_unlock(&lock);                                                     \
        }                                                                                    \
        return done;                                                                         \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int unlink(const char *path) {
    int done;
    if (!ours(path)) return REAL(unlink)(path);
    pthread_mutex_lock(&lock);
    done = REAL(unlink)(path);
    if (done == 0) note('U', path, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) {
    int done;
    if (!ours(from)) return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    done = REAL(rename)(from, to);
    if (done == 0) note('R', from, 0, to, strlen(to));
    pthread_mutex_unlock(&lock);
    return done;
}
