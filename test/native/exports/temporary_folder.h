#pragma once

// Temporary folders, and the bytes of what is in them.

#include <string>
#include <vector>

namespace spikeport::test {

/** An empty folder, removed with its owner. */
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }
  /** What is in it, partials included. */
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::string path_;
};

/** Removes a file, or a folder with all that is in it. */
void remove(const std::string& path);

/** The bytes of a file; of a folder those of all files, in the order of their names. Nothing where
 * there is nothing. */
std::string bytes_at(const std::string& path);

}  // namespace spikeport::test
