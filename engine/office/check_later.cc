// A check whose answer is given when it is durable, without a thread that waits for that.
#include <memory>
#include <utility>

#include "engine/office/office.h"
#include "engine/office/office_impl.h"

namespace semak {
namespace {

struct AtWork {
  AtWork(Turns& turns, SharedGate& answering) : turn(turns), gate(answering) {}

  Turns::Interactive turn;
  std::shared_lock<SharedGate> gate;
};

}  // namespace

void Office::check_later(const Actor& actor, const CheckRequest& request, std::function<void(Result<Check>)> done) {
  const auto book = impl_->policies();
  const auto entry = book->all().find(request.subject.purpose);
  if (entry == book->all().end()) return done(book->find(request.subject.purpose).error());
  const Policy& policy = entry->second.policy;
  auto at_work = std::make_shared<AtWork>(impl_->turns, impl_->answering);
  Result<Check> check = impl_->screen(actor, request, policy);
  if (!check) return done(std::move(check).error());
  impl_->casework->add_later(*std::move(check), policy,
                             [at_work = std::move(at_work), done = std::move(done)](Result<Check> made) mutable {
                               at_work.reset();
                               done(std::move(made));
                             });
}

}  // namespace semak
