#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "exports/temporary_folder.h"
#include "platform/entry.h"
#include "platform/error.h"
#include "platform/file.h"
#include "platform/folder.h"
#include "platform/links.h"
#include "platform/lock.h"
#include "platform/paths.h"

namespace spikeport::platform {
namespace {

namespace fs = std::filesystem;
using Bytes = std::span<const std::byte>;

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

/** The reason of the SystemError that a call throws, and its name for the file. */
template <typename Call>
std::pair<std::error_code, std::string> refusal(Call call) {
  try {
    call();
  } catch (const SystemError& error) {
    return {error.code(), error.path()};
  }
  return {};
}

TEST_CASE("File: without a path, it is written and read, and leaves nothing") {
  const test::TemporaryFolder folder;
  const File file = File::create_unnamed(folder.at(""), "name");
  REQUIRE(file.is_open());
  CHECK(folder.names().empty());
  file.write(bytes_of("spikes"), 3);
  std::array<std::byte, 16> bytes{};
  CHECK(file.read(bytes, 3) == 6);
  CHECK(std::equal(bytes.begin(), bytes.begin() + 6, bytes_of("spikes").begin()));
  CHECK(file.read(bytes, 9) == 0);
  CHECK(file.status().size == 9);
  CHECK((file.status().permissions.mode & 0077U) == 0);
  const auto [reason, name] = refusal([&] { static_cast<void>(File::create_unnamed(folder.at("missing"), "name")); });
  CHECK(reason == std::errc::no_such_file_or_directory);
  CHECK(name == "name");
}

TEST_CASE("File: writes at offsets, in the largest number of parts, some of them empty") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  const File file = File::create(path, "name", std::nullopt);
  const std::array<std::string, 3> texts{"one", "", "three"};
  std::vector<Bytes> parts;
  std::string expected = "..";
  for (std::size_t i = 0; i < most_parts; i++) {
    parts.push_back(bytes_of(texts[i % texts.size()]));
    expected += texts[i % texts.size()];
  }
  file.write(parts, 2);
  file.write(bytes_of(".."), 0);
  file.flush();
  CHECK(test::bytes_at(path) == expected);
  CHECK(file.status().size == expected.size());
  CHECK(file.status().kind == EntryKind::file);
}

#ifdef __linux__
TEST_CASE("File: a reservation of more than the disk has takes nothing from it") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  const File file = File::create(path, "name", std::nullopt);
  const auto found = refusal([&] { file.reserve(0, std::uint64_t{1} << 43U); });
  CHECK(found.first == std::errc::no_space_on_device);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK(status.st_blocks == 0);
}
#endif

TEST_CASE("File: is made once, and not opened through a link") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  CHECK(File::create(path, "name", std::nullopt).is_open());
  CHECK(!File::create(path, "name", std::nullopt).is_open());
  std::error_code error;
  CHECK(File::open(path, "name", error).is_open());
  CHECK(!File::open(folder.at("none"), "name", error).is_open());
  CHECK(error == std::errc::no_such_file_or_directory);
  fs::create_symlink(path, folder.at("link"));
  CHECK(!File::open(folder.at("link"), "name", error).is_open());
  const auto refused = refusal([&] { static_cast<void>(File::create(join(path, "below"), "name", std::nullopt)); });
  CHECK(refused.first == std::errc::not_a_directory);
  CHECK(refused.second == "name");
}

TEST_CASE("File: opens to no one more than the file that it replaces") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  const File old = File::create(path, "name", std::nullopt);
  Permissions permissions = old.status().permissions;
  permissions.mode = 0600;
  const File file = File::create(folder.at("new"), "name", permissions);
  CHECK((file.status().permissions.mode & 077U) == 0);
  permissions.mode = 0640;
  file.take_permissions(permissions, file.status());
  CHECK(file.status().permissions.mode == 0640);
}

TEST_CASE("File: a lock excludes others until the file is closed, and stays when its writing is checked") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  std::error_code error;
  File first = File::create(path, "name", std::nullopt);
  const File second = File::open(path, "name", error);
  CHECK(first.lock() == Lock::taken);
  CHECK(second.lock() == Lock::held);
  first.check_written();
  CHECK(second.lock() == Lock::held);
  first.close();
  CHECK(second.lock() == Lock::taken);
}

TEST_CASE("File: is at its path until that is another's") {
  const test::TemporaryFolder folder;
  const std::string path = folder.at("file");
  const std::string moved = folder.at("moved");
  const File file = File::create(path, "name", std::nullopt);
  CHECK(file.is_at(path));
  CHECK(!replace(path, moved));
  CHECK(!file.is_at(path));
  CHECK(file.is_at(moved));
  CHECK(!file.is_at(join(moved, "below")));
  CHECK(File::create(path, "name", std::nullopt).is_open());
  CHECK(!file.is_at(path));
  file.remove(moved);
  CHECK(access_error(moved, Access::find) == std::errc::no_such_file_or_directory);
}

TEST_CASE("replace: a file over a file, a folder over an empty one and over no other") {
  const test::TemporaryFolder folder;
  const auto at = [&](const std::string& name) { return folder.at(name); };
  std::ofstream(at("new")) << "new";
  std::ofstream(at("old")) << "old";
  CHECK(!replace(at("new"), at("old")));
  CHECK(test::bytes_at(at("old")) == "new");
  fs::create_directories(at("folder"));
  fs::create_directories(at("empty"));
  fs::create_directories(at("full"));
  std::ofstream(at("full/file")) << "kept";
  const std::error_code error = replace(at("folder"), at("full"));
  CHECK((error == std::errc::directory_not_empty || error == std::errc::file_exists));
  CHECK(test::bytes_at(at("full/file")) == "kept");
  CHECK(!replace(at("folder"), at("empty")));
  CHECK(replace(at("none"), at("old")) == std::errc::no_such_file_or_directory);
}

TEST_CASE("Folder: lists, takes in and removes its files, wherever it has been moved") {
  const test::TemporaryFolder root;
  const std::string path = root.at("folder");
  const std::string moved = root.at("moved");
  const Folder folder = Folder::create(path, "name", std::nullopt);
  CHECK(folder.is_open());
  CHECK(!Folder::create(path, "name", std::nullopt).is_open());
  CHECK(!replace(path, moved));
  CHECK(folder.is_at(moved));
  for (const char* name : {"a", "b", "c"}) {
    std::ofstream(root.at(name)) << name;
    CHECK(!folder.move_in(root.at(name), name));
  }
  CHECK(!folder.remove_file("b"));
  CHECK(folder.remove_file("b") == std::errc::no_such_file_or_directory);
  for (int again = 0; again < 2; again++) {
    std::set<std::string> names;
    folder.visit_entries([&](const std::string& name, std::uint64_t number) {
      std::error_code error;
      CHECK(status_at(join(moved, name), error)->identity.number == number);
      names.insert(name);
    });
    CHECK(names == std::set<std::string>{"a", "c"});
  }
  CHECK(folder.last_change("a") > 0);
  CHECK(folder.last_change("b") == 0);
  folder.flush();
  folder.remove(moved);
  CHECK(!folder.is_at(moved));
}

TEST_CASE("Folder: a lock excludes others, and shared ones exclude locks alone") {
  const test::TemporaryFolder root;
  const Folder first = Folder::open(parent_of(root.at("x")), "name");
  const Folder second = Folder::open(parent_of(root.at("x")), "name");
  CHECK(first.share() == Lock::taken);
  CHECK(second.share() == Lock::taken);
  CHECK(second.lock() == Lock::held);
  first.unlock();
  CHECK(second.lock() == Lock::taken);
  CHECK(first.share() == Lock::held);
}

TEST_CASE("resolve: follows links among folders and at the end, to what need not exist") {
  const test::TemporaryFolder root;
  const std::string real = fs::canonical(root.at(".")).string();
  const auto at = [&](const std::string& name) { return join(real, name); };
  const Purpose purpose{.call = "open", .name = "name"};
  fs::create_directories(at("a/b"));
  fs::create_symlink("a/b", at("link"));
  fs::create_symlink("link/file", at("dangling"));
  fs::create_symlink("loop", at("loop"));
  CHECK(resolve(at("link/file"), purpose).path == at("a/b/file"));
  CHECK(resolve(at("link/../file"), purpose).path == at("a/file"));
  CHECK(resolve(at("dangling"), purpose).path == at("a/b/file"));
  CHECK(!resolve(at("dangling"), purpose).status);
  CHECK(resolve(at("link"), purpose).path == at("a/b"));
  CHECK(resolve(at("link"), purpose).status->kind == EntryKind::folder);
  CHECK(resolve(at("none/./more/file"), purpose).path == at("none/more/file"));
  CHECK(resolve(real, "link", purpose).path == at("a/b"));
  const auto reason = [&](const std::string& name) {
    return refusal([&] { static_cast<void>(resolve(at(name), purpose)); }).first;
  };
  CHECK(reason("loop") == std::errc::too_many_symbolic_link_levels);
  CHECK(reason("none/../file") == std::errc::no_such_file_or_directory);
}

TEST_CASE("paths: as texts") {
  CHECK(join("a", "b") == "a/b");
  CHECK(join("/", "b") == "/b");
  CHECK(parent_of("/a/b") == "/a");
  CHECK(parent_of("b") == "");
  CHECK(name_of("/a/b") == "b");
  CHECK(name_of("/a/") == "");
  CHECK(without_trailing_separators("/a/b/./") == "/a/b");
  CHECK(without_trailing_separators("/") == "/");
  CHECK(without_trailing_separators("./") == ".");
}

}  // namespace
}  // namespace spikeport::platform
