#include "replacement/partial_file.h"

#include <system_error>

#include "platform/error.h"
#include "platform/paths.h"

namespace spikeport {

PartialFile PartialFile::in_partial_folder(const std::string& path, const std::string& name) {
  platform::File file = platform::File::create(path, name, std::nullopt);
  if (!file.is_open()) throw SystemError(std::errc::file_exists, "open", name);
  return {{.path = path, .name = name, .permissions = std::nullopt}, std::move(file)};
}

PartialFile::PartialFile(const Target& target) : target_(target), claim_(target) { keep_permissions(file().status()); }

void PartialFile::keep_permissions(const platform::Status& now) const {
  if (target_.permissions) file().take_permissions(*target_.permissions, now);
}

void PartialFile::make_durable() {
  file().flush();
  folder_ = platform::Folder::open(platform::parent_of(target_.path), platform::parent_of(target_.name));
}

std::uint64_t PartialFile::finish() {
  const platform::Status status = file().status();
  // Again: writing takes set-user-ID and set-group-ID away.
  keep_permissions(status);
  // Some file systems report a full disk or quota only at closing. A claim stays locked meanwhile.
  if (claim_) {
    file().check_written();
  } else {
    file_.close();
  }
  return status.size;
}

void PartialFile::move() {
  if (claim_) claim_->publish();
}

void PartialFile::sync_name() const {
  if (folder_.is_open()) folder_.flush();
}

std::uint64_t PartialFile::publish() {
  const std::uint64_t size = finish();
  move();
  sync_name();
  return size;
}

}  // namespace spikeport
