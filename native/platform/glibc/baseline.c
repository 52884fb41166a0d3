/*
 * Lets an addon that is built against a new glibc run with an old one, 2.28, which is what Node itself asks for.
 *
 * glibc 2.32 to 2.34 gave a few old functions new names or new versions. cmake/glibc.cmake has the linker send every
 * call of these, those in libstdc++'s and HDF5's objects too, to the `__wrap_` functions here, which call what both old
 * and new systems have. It is compiled into addons with SPIKEPORT_STATIC alone.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/stat.h>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#define OLDEST_AT "GLIBC_2.4"
#define STAT_VERSION 1
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#define OLDEST_AT "GLIBC_2.17"
#define STAT_VERSION 0
#else
#error "Which version has glibc's first release for this processor, and which its struct stat?"
#endif

/* Declares `oldest_NAME`: the function's first version, which every glibc has. */
#define VERSION_OF(result, name, version, parameters)      \
  extern result oldest_##name parameters;                  \
  __asm__(".symver oldest_" #name ", " #name "@" version); \
  result __wrap_##name parameters;
#define OLDEST_OF(result, name, parameters) VERSION_OF(result, name, OLDEST, parameters)

/* New in 2.33: before, the headers made calls of `__xstat` of them. */
OLDEST_OF(int, __xstat, (int version, const char* path, struct stat* status))
OLDEST_OF(int, __lxstat, (int version, const char* path, struct stat* status))
OLDEST_OF(int, __fxstat, (int version, int fd, struct stat* status))
VERSION_OF(int, __fxstatat, OLDEST_AT, (int version, int fd, const char* path, struct stat* status, int flags))

int __wrap_stat(const char* path, struct stat* status) { return oldest___xstat(STAT_VERSION, path, status); }
int __wrap_lstat(const char* path, struct stat* status) { return oldest___lxstat(STAT_VERSION, path, status); }
int __wrap_fstat(int fd, struct stat* status) { return oldest___fxstat(STAT_VERSION, fd, status); }
int __wrap_fstatat(int fd, const char* path, struct stat* status, int flags) {
  return oldest___fxstatat(STAT_VERSION, fd, path, status, flags);
}

/* On 64-bit systems these are the same functions. */
int __wrap_stat64(const char* path, struct stat* status) { return __wrap_stat(path, status); }
int __wrap_lstat64(const char* path, struct stat* status) { return __wrap_lstat(path, status); }
int __wrap_fstat64(int fd, struct stat* status) { return __wrap_fstat(fd, status); }
int __wrap_fstatat64(int fd, const char* path, struct stat* status, int flags) {
  return __wrap_fstatat(fd, path, status, flags);
}

/* Moved in 2.34 from libpthread and libdl, which Node has loaded, into libc. */
OLDEST_OF(int, pthread_create, (pthread_t * thread, const pthread_attr_t* attributes, void* (*run)(void*), void* data))
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* data) {
  return oldest_pthread_create(thread, attributes, run, data);
}

OLDEST_OF(int, pthread_detach, (pthread_t thread))
int __wrap_pthread_detach(pthread_t thread) { return oldest_pthread_detach(thread); }

OLDEST_OF(int, pthread_once, (pthread_once_t * control, void (*run)(void)))
int __wrap_pthread_once(pthread_once_t* control, void (*run)(void)) { return oldest_pthread_once(control, run); }

OLDEST_OF(int, __pthread_key_create, (pthread_key_t * key, void (*destroy)(void*)))
int __wrap___pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  return oldest___pthread_key_create(key, destroy);
}

OLDEST_OF(void*, dlopen, (const char* path, int mode))
void* __wrap_dlopen(const char* path, int mode) { return oldest_dlopen(path, mode); }

OLDEST_OF(void*, dlsym, (void* library, const char* name))
void* __wrap_dlsym(void* library, const char* name) { return oldest_dlsym(library, name); }

OLDEST_OF(int, dlclose, (void* library))
int __wrap_dlclose(void* library) { return oldest_dlclose(library); }

OLDEST_OF(char*, dlerror, (void))
char* __wrap_dlerror(void) { return oldest_dlerror(); }

/* In 2.29 it lost an error handling of the 1980s. */
OLDEST_OF(double, pow, (double base, double exponent))
double __wrap_pow(double base, double exponent) { return oldest_pow(base, exponent); }

/* New in 2.32: whether shared_ptr may do without atomic operations. An addon has threads all the time. */
char __libc_single_threaded = 0;
