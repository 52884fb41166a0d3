#include "hdf5/library/attributes.h"

#include <variant>
#include <vector>

#include "hdf5/library/handle.h"
#include "hdf5/library/library_type.h"

namespace spikeport::hdf5 {
namespace {

/** Writes an attribute of this name with each kind of value. */
struct ValueWriter {
  hid_t object;
  const std::string& name;
  const Check& check;

  void operator()(double value) const { write_attribute(object, name, ElementType::f64, {}, &value, check); }
  void operator()(std::int32_t value) const { write_attribute(object, name, ElementType::i32, {}, &value, check); }

  void operator()(const std::string& text) const {
    const char* const characters = text.c_str();
    write_attribute(object, name, Text{}, {}, &characters, check);
  }

  void operator()(const LongText& text) const { (*this)(std::string(text.utf8)); }

  void operator()(const AttributeNumbers& numbers) const {
    const std::uint64_t length = numbers.length.value_or(0);
    const auto shape = numbers.length ? std::span(&length, 1) : std::span<const std::uint64_t>();
    write_attribute(object, name, numbers.type, shape, numbers.bytes.data(), check);
  }

  void operator()(const std::vector<std::string>& texts) const {
    std::vector<const char*> characters;
    characters.reserve(texts.size());
    for (const std::string& text : texts) characters.push_back(text.c_str());
    const std::uint64_t count = texts.size();
    write_attribute(object, name, Text{}, {&count, 1}, characters.data(), check);
  }

  void operator()(const Reference& /*reference*/) const {}
};

}  // namespace

void write_attributes(hid_t object, std::span<const Attribute> attributes, const Check& check) {
  for (const auto& [name, value] : attributes) std::visit(ValueWriter{object, name, check}, value);
}

void write_attribute(hid_t object, const std::string& name, const Datatype& type, std::span<const std::uint64_t> shape,
                     const void* elements, const Check& check) {
  const Handle space = library_space(shape, check);
  const Handle stored = library_type(type, check);
  const Handle attribute = check(H5Acreate2(object, name.c_str(), stored.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                                 H5Aclose, "create attribute '" + name + "'");
  if (element_count(shape) > 0) {
    check(H5Awrite(attribute.get(), stored.get(), elements), "write attribute '" + name + "'");
  }
}

}  // namespace spikeport::hdf5
