#pragma once

// Strict reading of plans: anything that the vocabulary in lib/engine/plan/ does not have is an error that names the
// field and the value, never a default. test/engine/vocabulary.test.ts compares every reader with the vocabulary.

#include <napi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "binding/arrays.h"
#include "binding/values.h"
#include "kernels/element_type.h"

namespace spikeport::binding {

/** The largest count that JavaScript's numbers hold exactly. */
constexpr std::int64_t max_count = std::int64_t{1} << 53;

/** A word of the vocabulary and its meaning. */
template <typename T>
struct Word {
  const char* text;
  T meaning;
};

/** Where in a plan an object is: the field `name` of its parent, or an element of that array. */
struct Place {
  Napi::Env env;
  const char* name;
  const Place* parent = nullptr;
  std::int64_t index = -1;
  /** Whether the object and those in it are searched for surplus fields. */
  bool is_searched = true;

  /** Such as `objects[2].source.time`; empty for the plan itself. */
  [[nodiscard]] std::string path() const;
};

/** The element type of a typed array of T; bytes of text are those of a Uint8Array. */
template <typename T>
constexpr ElementType element_type = [] {
  if constexpr (std::is_same_v<T, char> || std::is_same_v<T, std::byte>) return ElementType::u8;
  if constexpr (std::is_same_v<T, std::int32_t>) return ElementType::i32;
  if constexpr (std::is_same_v<T, std::int64_t>) return ElementType::i64;
  if constexpr (std::is_same_v<T, float>) return ElementType::f32;
  if constexpr (std::is_same_v<T, double>) return ElementType::f64;
}();

/**
 * An object of a plan, read field by field. All functions but `has` and `get` refuse a field that is missing, of
 * another type, or out of range.
 */
class Fields {
 public:
  /** @param place outlived by its parent */
  Fields(Value value, const Place& place);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields() = default;

  /** Whether an optional field is there. */
  bool has(const char* key) { return get(key).kind() != ValueKind::undefined; }
  Value get(const char* key);
  /** The JS value of a field that is no number, text, flag, array or plain object; else undefined. */
  Napi::Value other(const char* key);

  bool flag(const char* key);
  /** A finite number. */
  double number(const char* key);
  /** A finite number above 0. */
  double positive(const char* key);
  /** A whole number, both limits included. */
  std::int64_t whole(const char* key, std::int64_t least, std::int64_t most);
  std::uint64_t count(const char* key) { return static_cast<std::uint64_t>(whole(key, 0, max_count)); }
  std::string text(const char* key);
  std::vector<std::string> texts(const char* key);
  /** Text that is not empty and has no NUL character, where a path or a name would end. */
  std::string name(const char* key);
  std::vector<std::string> names(const char* key);
  /** The lengths of axes. No product of them exceeds 2^53. */
  std::vector<std::uint64_t> shape(const char* key);
  /** A typed array of any numbers. */
  Numbers numbers(const char* key);
  /** A typed array of T. */
  template <typename T>
  std::span<const T> elements(const char* key);
  /**
   * A copy of a typed array of T, for numbers that are trusted once they were checked: JavaScript can change those of
   * `elements` at any moment.
   */
  template <typename T>
  std::vector<T> copied(const char* key);
  /** The meaning of a text that must be one of these words. */
  template <typename T, std::size_t size>
  T word(const char* key, const Word<T> (&words)[size]);
  /** What `read` returns for the fields of an object. */
  template <typename Read>
  auto object(const char* key, Read read);
  /** What `read` returns for the fields of each object in an array. */
  template <typename Read>
  auto list(const char* key, Read read);
  /** The same for elements of any type, which `read` gets with their place. */
  template <typename Read>
  auto list_of_values(const char* key, Read read);

  /** Saves the time that `end` takes where surplus fields do no harm. */
  void skip_search() { place_.is_searched = false; }
  /** Refuses surplus fields, which were not asked for. */
  void end();

  /** Throws the RangeError for a value of the right type. */
  [[noreturn]] void refuse(const char* key, const std::string& expected);
  /** Throws the TypeError for a value of another type. */
  [[noreturn]] void refuse_type(const char* key, const std::string& expected);

 private:
  Place place_of(const char* key) {
    return {.env = place_.env, .name = key, .parent = &place_, .is_searched = place_.is_searched};
  }
  Value array(const char* key);
  [[noreturn]] void refuse_number(const char* key, const std::string& expected);
  [[noreturn]] void refuse_array(const char* key, ElementType type);
  [[noreturn]] void refuse_word(const char* key, std::span<const char* const> words);

  Value object_;
  Place place_;
  /** The keys that were asked for, more than any object has, and the value of the last. */
  std::array<const char*, 12> known_{};
  std::size_t known_count_ = 0;
  Value last_;
  /** How many of the object's fields were asked for. */
  std::size_t found_count_ = 0;
};

/** What `read` returns for the fields of an object, all of which it must have asked for. */
template <typename Read>
auto read_fields(Value value, const Place& place, Read read) {
  Fields fields(value, place);
  auto result = read(fields);
  fields.end();
  return result;
}

/** The same for an object that is not inside another. */
template <typename Read>
auto read_root(Napi::Env env, Value value, const char* name, Read read) {
  return read_fields(value, {.env = env, .name = name}, read);
}

template <typename T>
std::span<const T> Fields::elements(const char* key) {
  const auto [type, bytes] = numbers(key);
  if (type != element_type<T>) refuse_array(key, element_type<T>);
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

template <typename T>
std::vector<T> Fields::copied(const char* key) {
  const auto numbers = elements<T>(key);
  return {numbers.begin(), numbers.end()};
}

template <typename T, std::size_t size>
T Fields::word(const char* key, const Word<T> (&words)[size]) {
  const Value value = get(key);
  if (value.kind() == ValueKind::text) {
    for (const auto& word : words) {
      if (value.text() == word.text) return word.meaning;
    }
  }
  std::array<const char*, size> texts{};
  for (std::size_t i = 0; i < size; i++) texts[i] = words[i].text;
  refuse_word(key, texts);
}

template <typename Read>
auto Fields::object(const char* key, Read read) {
  return read_fields(get(key), place_of(key), read);
}

template <typename Read>
auto Fields::list(const char* key, Read read) {
  return list_of_values(key, [&](Value value, const Place& place) { return read_fields(value, place, read); });
}

template <typename Read>
auto Fields::list_of_values(const char* key, Read read) {
  const Value elements = array(key);
  std::vector<std::invoke_result_t<Read, Value, const Place&>> list;
  list.reserve(elements.count());
  Value element = elements.count() == 0 ? Value() : elements.first();
  for (std::uint32_t i = 0; i < elements.count(); i++) {
    if (i > 0) element = element.next();
    Place place = place_of(key);
    place.index = i;
    list.push_back(read(element, place));
  }
  return list;
}

}  // namespace spikeport::binding
