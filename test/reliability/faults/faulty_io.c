/*
 * Makes system calls fail: loaded before the C library, it passes those on one folder on until one is to fail.
 *
 * FAULTY_FOLDER is the folder; what is done to files of others, Node's own included, is left alone. FAULTY_CONTROL is a file of
 * four int32 that the test writes and this maps:
 *   countdown  how many calls still succeed, counted over all kinds; below 0: none fails
 *   error      the errno of the call that fails
 *   repeat     whether all later calls of the same kind fail, too, as on a full disk
 *   failed     the kind of the call that failed last, 0 for none; kinds are numbered from 1 on in the order of KINDS
 * FAULTY_READS, if it is there, has reads fail as well.
 * FAULTY_LOG, if it is there, gets a line for every call: its kind, what it is done to, and its outcome.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN = 1, WRITE, ALLOCATE, SYNC, RENAME, TRUNCATE, MAKE_FOLDER, CHANGE_MODE, LOCK, DUPLICATE, CLOSE, STAT, ACCESS, LIST, REMOVE, READ };
static const char *const KINDS[] = {"",      "open",   "write", "fallocate", "fsync", "rename", "ftruncate", "mkdir",
                                    "fchmod", "lock", "dup",   "close",     "stat",  "access", "readdir",   "unlink", "read"};

struct control {
  int32_t countdown, error, repeat, failed;
};

static struct control *control;
static const char *folder;
static int reads_fail;
static FILE *log_file;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
  const char *const path = getenv("FAULTY_CONTROL");
  const char *const log_path = getenv("FAULTY_LOG");
  folder = getenv("FAULTY_FOLDER");
  reads_fail = getenv("FAULTY_READS") != NULL;
  if (folder == NULL || path == NULL) return;
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *const mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (log_path != NULL) log_file = fopen(log_path, "ae");
  if (mapped != MAP_FAILED) control = mapped;
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* Whether a path is the folder, or inside it. */
static int is_inside(const char *path) {
  const size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Whether a call fails: sets errno, and notes the call. */
static int fails(enum kind kind, const char *path) {
  if (control == NULL || (kind == READ && !reads_fail) || !is_inside(path)) return 0;
  pthread_mutex_lock(&mutex);
  int failing = 0;
  if (control->countdown == 0) {
    failing = control->repeat == 0 || control->failed == 0 || control->failed == (int32_t)kind;
    if (failing) {
      control->failed = kind;
      if (control->repeat == 0) control->countdown = -1;
    }
  } else if (control->countdown > 0) {
    control->countdown--;
  }
  if (log_file != NULL) {
    fprintf(log_file, "%s %s%s\n", KINDS[kind], path + strlen(folder), failing ? " failed" : "");
    fflush(log_file);
  }
  pthread_mutex_unlock(&mutex);
  if (failing) errno = control->error;
  return failing;
}

static int fails_on(enum kind kind, int fd) {
  if (control == NULL) return 0;
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return fails(kind, path);
}

/* Calls without a function of their own in the header get the types of the C library's. */
#define FAILING_ON_FD(kind, result, name, parameters, arguments)      \
  result name parameters {                                            \
    if (fails_on(kind, fd)) return -1;                                \
    return ((result(*) parameters)next(#name))arguments;              \
  }
#define FAILING_ON_PATH(kind, name, parameters, arguments)            \
  int name parameters {                                               \
    if (fails(kind, path)) return -1;                                 \
    return ((int (*) parameters)next(#name))arguments;                \
  }

FAILING_ON_FD(WRITE, ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
FAILING_ON_FD(WRITE, ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
FAILING_ON_FD(WRITE, ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
FAILING_ON_FD(WRITE, ssize_t, pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
FAILING_ON_FD(WRITE, ssize_t, pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))
FAILING_ON_FD(READ, ssize_t, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at))
FAILING_ON_FD(READ, ssize_t, pread64, (int fd, void *data, size_t size, off64_t at), (fd, data, size, at))
FAILING_ON_FD(ALLOCATE, int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
FAILING_ON_FD(ALLOCATE, int, fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))
FAILING_ON_FD(SYNC, int, fsync, (int fd), (fd))
FAILING_ON_FD(SYNC, int, fdatasync, (int fd), (fd))
FAILING_ON_FD(TRUNCATE, int, ftruncate, (int fd, off_t size), (fd, size))
FAILING_ON_FD(TRUNCATE, int, ftruncate64, (int fd, off64_t size), (fd, size))
FAILING_ON_FD(CHANGE_MODE, int, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING_ON_FD(LOCK, int, flock, (int fd, int operation), (fd, operation))
FAILING_ON_FD(STAT, int, fstat, (int fd, struct stat *status), (fd, status))
FAILING_ON_PATH(STAT, lstat, (const char *path, struct stat *status), (path, status))
FAILING_ON_PATH(ACCESS, access, (const char *path, int mode), (path, mode))
FAILING_ON_PATH(MAKE_FOLDER, mkdir, (const char *path, mode_t mode), (path, mode))
FAILING_ON_PATH(RENAME, rename, (const char *path, const char *to), (path, to))

int renameat(int from, const char *path, int folder_of_new, const char *new_path) {
  if (fails(RENAME, path)) return -1;
  return ((int (*)(int, const char *, int, const char *))next("renameat"))(from, path, folder_of_new, new_path);
}

/* A partial file that cannot be removed stays: that is no fault. */
int unlinkat(int fd, const char *name, int flags) {
  if (strstr(name, ".spikeport-") == NULL && fails_on(REMOVE, fd)) return -1;
  return ((int (*)(int, const char *, int))next("unlinkat"))(fd, name, flags);
}

/* The descriptor is gone, as on Linux. */
int close(int fd) {
  const int failing = fails_on(CLOSE, fd);
  const int error = errno;
  const int result = ((int (*)(int))next("close"))(fd);
  if (failing) errno = error;
  return failing ? -1 : result;
}

struct dirent *readdir(DIR *stream) {
  if (fails_on(LIST, dirfd(stream))) return NULL;
  return ((struct dirent * (*)(DIR *)) next("readdir"))(stream);
}

static int open_any(const char *name, const char *path, int flags, mode_t mode) {
  if (fails(OPEN, path)) return -1;
  return ((int (*)(const char *, int, mode_t))next(name))(path, flags, mode);
}

static mode_t mode_in(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(flags, arguments);
  va_end(arguments);
  return open_any("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(flags, arguments);
  va_end(arguments);
  return open_any("open64", path, flags, mode);
}

/* Only locks and duplicates: fcntl has many other uses. */
int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *const argument = va_arg(arguments, void *);
  va_end(arguments);
  if (command == F_OFD_SETLK && fails_on(LOCK, fd)) return -1;
  if (command == F_DUPFD_CLOEXEC && fails_on(DUPLICATE, fd)) return -1;
  return ((int (*)(int, int, void *))next("fcntl"))(fd, command, argument);
}
