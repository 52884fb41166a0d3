// Runs all tests and prints TAP (testanything.org), for tap to read.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <vector>

namespace {

class TapReporter : public doctest::IReporter {
 public:
  explicit TapReporter(const doctest::ContextOptions& options) : out_(*options.cout) {}

  void test_run_start() override { out_ << "TAP version 14\n"; }
  void test_run_end(const doctest::TestRunStats& /*stats*/) override { out_ << "1.." << count_ << std::endl; }

  void test_case_start(const doctest::TestCaseData& data) override {
    name_ = data.m_name;
    problems_.clear();
  }
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    out_ << (stats.testCaseSuccess ? "ok " : "not ok ") << ++count_ << " - " << name_
         << " # time=" << stats.seconds * 1000 << "ms\n";
    if (stats.testCaseSuccess) return;
    out_ << "  ---\n  problems:\n";
    for (const std::string& problem : problems_) out_ << "    - |-\n      " << problem << '\n';
    out_ << "  ...\n" << std::flush;
  }

  void log_assert(const doctest::AssertData& assert) override {
    if (!assert.m_failed) return;
    const doctest::String& what = assert.m_threw ? assert.m_exception : assert.m_decomp;
    add(assert.m_file, assert.m_line, std::string(assert.m_expr) + " (" + what.c_str() + ")");
  }
  void log_message(const doctest::MessageData& message) override {
    add(message.m_file, message.m_line, message.m_string.c_str());
  }
  void test_case_exception(const doctest::TestCaseException& exception) override {
    problems_.emplace_back(exception.error_string.c_str());
  }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*data*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}

 private:
  void add(const char* file, int line, const std::string& what) {
    std::string problem = std::string(file) + ':' + std::to_string(line) + ": " + what;
    const auto* const* contexts = get_active_contexts();
    for (int i = 0; i < get_num_active_contexts(); i++) {
      std::ostringstream text;
      contexts[i]->stringify(&text);
      problem += ", " + text.str();
    }
    problems_.push_back(std::move(problem));
  }

  std::ostream& out_;
  int count_ = 0;
  std::string name_;
  std::vector<std::string> problems_;
};

DOCTEST_REGISTER_REPORTER("tap", 1, TapReporter);

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  context.setOption("reporters", "tap");
  // Thousands of cases fail for the same reason: the first few show it.
  context.setOption("abort-after", 10);
  return context.run();
}
