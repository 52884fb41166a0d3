// Open folders: their entries, and what is done with these.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "platform/entry.h"
#include "platform/lock.h"

namespace spikeport::platform {

enum class Links : std::uint8_t { refuse, follow };

/**
 * An open folder, closed with its owner. All is done without another descriptor: the last one may be in use. Errors are
 * SystemErrors that call it by its name, which the caller chooses.
 *
 * It stays the same folder when it is renamed. On Windows, where entries have no paths relative to an open folder, the
 * folder's own path is asked for at each call.
 */
class Folder {
 public:
  Folder() = default;

  /**
   * Makes a new folder. Not open when something has this path already, or when another process has removed it since.
   * @param replaced of the folder that it will replace
   */
  [[nodiscard]] static Folder create(const std::string& path, std::string name,
                                     const std::optional<Permissions>& replaced);
  [[nodiscard]] static Folder open(const std::string& path, std::string name);
  /** Not open, for the reason in `error`, when that fails. */
  [[nodiscard]] static Folder open(const std::string& path, std::string name, std::error_code& error,
                                   Links links = Links::refuse);

  [[nodiscard]] bool is_open() const { return stream_ != nullptr; }
  /** Whether it is still what this path leads to. */
  [[nodiscard]] bool is_at(const std::string& path) const;

  [[nodiscard]] Lock lock() const;
  /** Locks it beside others that do no more than this. */
  [[nodiscard]] Lock share() const;
  /** Ends that lock before the folder is closed. */
  void unlock() const;

  /** Calls `visit` with the name and the number (as in Identity) of each entry there is now, in no order. */
  void visit_entries(const std::function<void(const std::string& name, std::uint64_t number)>& visit) const;
  /** When a file was last written to or changed otherwise, in ns, links followed. 0 where there is none any more. */
  [[nodiscard]] std::int64_t last_change(const std::string& entry) const;

  /** Renames a file to an entry, in one step, in place of the file that has this name. */
  [[nodiscard]] std::error_code move_in(const std::string& path, const std::string& entry) const;
  [[nodiscard]] std::error_code remove_file(const std::string& entry) const;

  /** Waits until the names of its entries are on the disk, where the file system can do that. */
  void flush() const;

  /** Removes it, if it can be, from its path, with the files in it. */
  void remove(const std::string& path) const;

 private:
  struct Close {
    void operator()(void* stream) const;
  };

  Folder(void* stream, std::string name) : stream_(stream), name_(std::move(name)) {}

  /** A DIR, or a HANDLE. */
  std::unique_ptr<void, Close> stream_;
  std::string name_;
};

/** Makes a folder and those above it, as far as they are missing; `name` is the caller's name for it. */
void make_folders(const std::string& path, const std::string& name);

}  // namespace spikeport::platform
