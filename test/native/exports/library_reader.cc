#include "exports/library_reader.h"

#include <hdf5.h>

#include <array>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <numeric>
#include <vector>

#include "engine/thread_pool.h"
#include "hdf5/library/error.h"
#include "hdf5/library/handle.h"

namespace spikeport::test {
namespace {

using hdf5::Check;
using hdf5::Handle;
using Content = std::map<std::string, std::string>;

/** What is read of a file, and how it fails. The library calls back C functions, which nothing may be thrown through.
 */
struct Reading {
  Check check;
  Content content;
  std::string object;
  std::exception_ptr failure;
};

std::string text_of(const char* text) {
  if (text == nullptr) return "0:";
  const std::string copy(text);
  return std::to_string(copy.size()) + ":" + copy;
}

std::string target_of(hid_t owner, const hobj_ref_t& reference, const Check& check) {
  std::array<char, 4096> name{};
  check(static_cast<herr_t>(H5Rget_name(owner, H5R_OBJECT, &reference, name.data(), name.size()) < 0 ? -1 : 0), "name");
  return text_of(name.data());
}

/** The elements of a dataset or an attribute, by a function that reads them into memory. */
template <typename Read>
std::string elements_of(hid_t owner, hid_t type, hid_t space, const Check& check, Read read) {
  std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  const std::size_t count = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  std::string elements;
  for (const hsize_t length : shape) elements += std::to_string(length) + " ";
  const bool is_number = H5Tget_class(type) != H5T_STRING && H5Tget_class(type) != H5T_REFERENCE;
  if (is_number) elements += "x" + std::to_string(H5Tget_size(type)) + " ";
  if (count == 0) return elements;
  const Handle native = check(H5Tget_native_type(type, H5T_DIR_ASCEND), H5Tclose, "find a type");
  std::string bytes(count * H5Tget_size(native.get()), '\0');
  check(read(native.get(), bytes.data()), "read");
  if (H5Tis_variable_str(type) > 0) {
    auto* const texts = reinterpret_cast<char**>(bytes.data());
    for (std::size_t i = 0; i < count; i++) elements += text_of(texts[i]);
    check(H5Dvlen_reclaim(native.get(), space, H5P_DEFAULT, texts), "give texts back");
    return elements;
  }
  if (H5Tget_class(type) == H5T_REFERENCE) {
    const auto* const references = reinterpret_cast<const hobj_ref_t*>(bytes.data());
    for (std::size_t i = 0; i < count; i++) elements += target_of(owner, references[i], check);
    return elements;
  }
  return elements + bytes;
}

void read_attribute(hid_t owner, const char* name, Reading& reading) {
  const Check& check = reading.check;
  const Handle attribute = check(H5Aopen(owner, name, H5P_DEFAULT), H5Aclose, "open an attribute");
  const Handle type = check(H5Aget_type(attribute.get()), H5Tclose, "find a type");
  const Handle space = check(H5Aget_space(attribute.get()), H5Sclose, "find a shape");
  const auto read = [&](hid_t native, void* bytes) { return H5Aread(attribute.get(), native, bytes); };
  reading.content[reading.object + "@" + name] = elements_of(attribute.get(), type.get(), space.get(), check, read);
}

void read_dataset(hid_t dataset, Reading& reading) {
  const Check& check = reading.check;
  const Handle type = check(H5Dget_type(dataset), H5Tclose, "find a type");
  const Handle space = check(H5Dget_space(dataset), H5Sclose, "find a shape");
  const auto read = [&](hid_t native, void* bytes) {
    return H5Dread(dataset, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
  };
  reading.content[reading.object] = elements_of(dataset, type.get(), space.get(), check, read);
}

/** Calls a part of the reading from the library, and keeps what it throws. */
template <typename Part>
herr_t guarded(void* data, Part part) {
  auto& reading = *static_cast<Reading*>(data);
  try {
    part(reading);
    return 0;
  } catch (...) {
    reading.failure = std::current_exception();
    return -1;
  }
}

herr_t visit_attribute(hid_t owner, const char* name, const H5A_info_t* /*info*/, void* data) {
  return guarded(data, [&](Reading& reading) { read_attribute(owner, name, reading); });
}

void visit_object(hid_t root, const char* name, Reading& reading) {
  const Handle object = reading.check(H5Oopen(root, name, H5P_DEFAULT), H5Oclose, "open an object");
  reading.object = name;
  if (H5Iget_type(object.get()) == H5I_DATASET) {
    read_dataset(object.get(), reading);
  } else {
    reading.content[name] = "group";
  }
  reading.check(H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, visit_attribute, &reading), "visit");
}

herr_t visit_link(hid_t root, const char* name, const H5L_info_t* info, void* data) {
  return guarded(data, [&](Reading& reading) {
    if (info->type != H5L_TYPE_SOFT) return visit_object(root, name, reading);
    std::string target(info->u.val_size, '\0');
    reading.check(H5Lget_val(root, name, target.data(), target.size(), H5P_DEFAULT), "read a link");
    reading.content[name] = "link to " + target;
  });
}

Content read(const std::string& path) {
  hdf5::initialize();
  Reading reading{Check(path, path), {}, {}, {}};
  Handle file = reading.check(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the file");
  visit_object(file.get(), "/", reading);
  const herr_t visited = H5Lvisit(file.get(), H5_INDEX_NAME, H5_ITER_INC, visit_link, &reading);
  if (reading.failure) std::rethrow_exception(reading.failure);
  reading.check(visited, "visit the file");
  reading.check(H5Fclose(file.release()), "close the file");
  return std::move(reading.content);
}

}  // namespace

Content read_by_library(const std::string& path) {
  const auto task = std::make_shared<std::packaged_task<Content()>>([path] { return read(path); });
  auto content = task->get_future();
  hdf5_thread().post([task] { (*task)(); });
  return content.get();
}

}  // namespace spikeport::test
