#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/file_descriptor.h"
#include "storage/target.h"

namespace spikeport {

/** Where a target's partial file or folder is, unless another export to the target is running. */
std::string first_partial(const std::string& target);

/** Whether a name is one that a claim gives its partial. */
bool is_partial_name(std::string_view name);

/**
 * A partial file or folder beside its target, locked while it is in use.
 *
 * Partials are named `.⟨target⟩.spikeport-⟨slot⟩.partial`. Slots are tried in order: one that is locked belongs to an
 * export that is running; one that is not was left behind by a process that died, and is removed.
 */
class Claim {
 public:
  enum class Kind : std::uint8_t { file, folder };

  /** Makes a new, empty partial, a file with these permissions at most. Errors name the target. */
  Claim(Kind kind, const Target& target, mode_t mode);
  Claim(Claim&&) = default;
  Claim& operator=(Claim&&) = delete;
  /** Removes the partial, unless it was published. */
  ~Claim();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /** Renames the partial over the target. */
  void publish();

 private:
  Claim(Kind kind, const Target& target);

  Kind kind_;
  std::string target_;
  /** The caller's name for the target. */
  std::string name_;
  std::string path_;
  FileDescriptor fd_;
};

}  // namespace spikeport
