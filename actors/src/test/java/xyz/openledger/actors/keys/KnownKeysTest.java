package xyz.openledger.actors.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.keys.KeyMessage.Changes;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

class KnownKeysTest {
  private static final TenantId ADA = TenantId.parse("ada");

  private final AtomicLong now = new AtomicLong();
  private final KnownKeys known = new KnownKeys(now::get);
  private ApiKeys keys = new ApiKeys();

  private ApiKey issue(String name) {
    ApiKey key = ApiKeysTest.key(name, ADA, null, name + keys.revision());
    keys.issue(key, false, 1).forEach(keys::apply);
    return key;
  }

  private void revoke(String name) {
    keys.revoke(name, ADA, 1).forEach(keys::apply);
  }

  private static Changes since(ApiKeys of, long revision, int max, long mark) {
    return new Changes(of.since(revision, max), of.revision(), of.forgotten(), of.origin(), mark);
  }

  private void hear(int max) {
    while (known.learn(since(keys, known.revision(), max, now.get()))) {
      // There is more.
    }
  }

  @Test
  void aKeyIsKnownUntilItIsRevokedAndAnotherOfItsNameIsAnother() {
    ApiKey first = issue("laptop");
    hear(9);
    assertThat(known.find(first.token())).hasValue(first);

    revoke("laptop");
    ApiKey second = issue("laptop");
    hear(9);

    assertThat(known.find(first.token())).isEmpty();
    assertThat(known.find(second.token())).hasValue(second);
    assertThat(known.named("laptop")).hasValue(second);
  }

  @Test
  void nobodyIsLetInBeforeAllIsKnownAndWhenNothingWasHeardForThirtySeconds() {
    ApiKey first = issue("one");
    issue("two");
    known.learn(since(keys, 0, 1, 0));
    assertThatThrownBy(() -> known.find(first.token())).isInstanceOf(ProblemException.class);

    hear(9);
    now.set(KnownKeys.DEAF_MAX.toNanos());
    assertThat(known.find(first.token())).isPresent();
    now.incrementAndGet();
    assertThatThrownBy(() -> known.find(first.token()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("30 s");

    known.learn(since(keys, known.revision(), 9, 1));
    assertThat(known.find(first.token())).as("asked a nanosecond after the start").isPresent();
  }

  @Test
  void anAnswerThatWasOvertakenChangesNothing() {
    ApiKey first = issue("laptop");
    Changes early = since(keys, 0, 9, 0);
    revoke("laptop");
    hear(9);

    known.learn(early);

    assertThat(known.find(first.token())).isEmpty();
  }

  @Test
  void aHomeThatCameBackKnowingLessIsBelievedAnew() {
    issue("one");
    KeysSnapshot copy = keys.snapshot();
    ApiKey second = issue("two");
    hear(9);
    assertThat(known.find(second.token())).isPresent();

    keys = ApiKeys.of(copy);
    now.incrementAndGet();
    hear(9);

    assertThat(known.find(second.token())).isEmpty();
    assertThat(known.named("one")).isPresent();
  }

  @Test
  void keysOfAnotherJournalReplaceThemAll() {
    ApiKey first = issue("laptop");
    hear(9);
    var other = new ApiKeys();
    ApiKey key = ApiKeysTest.key("desk", ADA, null, "other");
    other.issue(key, false, 1).forEach(other::apply);

    assertThat(known.learn(since(other, known.revision(), 9, 2))).isTrue();
    known.learn(since(other, known.revision(), 9, 3));

    assertThat(known.find(first.token())).isEmpty();
    assertThat(known.find(key.token())).hasValue(key);
  }

  @Test
  void whoKnowsLessThanIsRememberedBeginsAnew() {
    ApiKey first = issue("laptop");
    hear(9);
    revoke("laptop");
    for (int i = 0; i <= ApiKeys.REVOKED_MAX; i++) {
      issue("k" + i);
      revoke("k" + i);
    }
    issue("last");

    assertThat(known.learn(since(keys, known.revision(), 9, 2))).isTrue();
    hear(KeyMessage.KEYS_MAX);

    assertThat(known.find(first.token())).isEmpty();
    assertThat(known.named("last")).isPresent();
  }
}
