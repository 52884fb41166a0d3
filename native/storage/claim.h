#pragma once

#include <cstdint>
#include <string>

#include "storage/file_descriptor.h"

namespace spikeport {

/** Where a target's partial file or folder is, unless another export to the target is running. */
std::string first_partial(const std::string& target);

/**
 * A partial file or folder beside its target, locked while it is in use.
 *
 * Partials are named `.⟨target⟩.spikeport-⟨slot⟩.partial`. Slots are tried in order: one that is locked belongs to an
 * export that is running; one that is not was left behind by a process that died, and is removed.
 */
class Claim {
 public:
  enum class Kind : std::uint8_t { file, folder };

  /** Makes a new, empty partial. Errors name the target. */
  Claim(Kind kind, const std::string& target);
  Claim(Claim&&) = default;
  Claim& operator=(Claim&&) = delete;
  /** Removes the partial, unless it was published. */
  ~Claim();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /** Renames the partial over the target. */
  void publish();
  /** The partial has been moved or removed by other means. */
  void release() { fd_ = FileDescriptor(); }

 private:
  std::string target_;
  std::string path_;
  FileDescriptor fd_;
};

}  // namespace spikeport
