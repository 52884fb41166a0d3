// The partial file or folder that an export writes to, beside its target.
#pragma once

#include <string>
#include <string_view>

#include "platform/file.h"
#include "platform/folder.h"
#include "replacement/target.h"

namespace spikeport {

/** Where a target's partial file or folder is, unless another export to the target is running. */
std::string first_partial(const std::string& target);

/** Whether a name is one that a claim gives its partial. */
bool is_partial_name(std::string_view name);

/**
 * A partial file or folder beside its target, locked while it is in use.
 *
 * Partials are named `.⟨target⟩.spikeport-⟨slot⟩.partial`. Slots are tried in order: one that is locked belongs to an
 * export that is running; one that is not was left by a process that died, and is removed.
 *
 * @tparam Partial platform::File or platform::Folder
 */
template <typename Partial>
class Claim {
 public:
  /** Makes a new, empty partial, which grants no access that the replaced file does not grant. Errors name the target.
   */
  explicit Claim(const Target& target);
  Claim(Claim&&) noexcept = default;
  Claim& operator=(Claim&&) = delete;
  /** Removes the partial, unless it was published. */
  ~Claim();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Partial& partial() const { return partial_; }

  /** Renames the partial over the target. */
  void publish();

 private:
  Claim(std::string target, std::string name);

  std::string target_;
  /** The caller's name for the target. */
  std::string name_;
  std::string path_;
  Partial partial_;
};

extern template class Claim<platform::File>;
extern template class Claim<platform::Folder>;

}  // namespace spikeport
