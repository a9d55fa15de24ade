package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

class SessionKeysTest {
  private static final TenantId TENANT = new TenantId("tenant");
  private static final TenantId OTHER = new TenantId("other");

  /** The chain has each of them. */
  private static final Predicate<Address> ALL = _ -> true;

  @TempDir Path folder;

  @Test
  void oneTenantDoesNotFillTheListForTheOthers() throws IOException {
    SessionKeys keys = SessionKeys.open(folder);
    for (int i = 1; i <= SessionKeys.OF_TENANT_MAX; i++) {
      var _ = keys.note(TENANT, "laptop", address(i), ALL);
    }

    assertThatThrownBy(() -> keys.note(TENANT, "laptop", address(99), ALL))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("session keys of tenant");
    assertThatThrownBy(() -> keys.make(TENANT, "server", ALL)).isInstanceOf(ProblemException.class);
    assertThat(folder.resolve("sessions")).as("no secret is left behind").doesNotExist();
    assertThat(keys.note(TENANT, "laptop", address(1), ALL).key()).isEqualTo(address(1));
    assertThat(keys.note(OTHER, "laptop", address(99), ALL).tenant()).isEqualTo(OTHER);
  }

  @Test
  void keysThatNobodyAuthorisesMakeRoomTheOldestFirst() throws IOException {
    SessionKeys keys = SessionKeys.open(folder);
    Predicate<Address> authorised = key -> key.equals(address(1));
    var _ = keys.note(TENANT, "laptop", address(1), authorised);
    var _ = keys.note(TENANT, "server", address(2), authorised);
    for (int i = 3; i <= SessionKeys.OF_TENANT_MAX; i++) {
      var _ = keys.note(TENANT, "laptop", address(i), authorised);
    }

    var newest = keys.note(TENANT, "laptop", address(99), authorised);

    assertThat(keys.of(TENANT, "laptop"))
        .hasSize(SessionKeys.OF_TENANT_MAX - 1)
        .startsWith(newest)
        .extracting(SessionKeys.Entry::key)
        .contains(address(1))
        .doesNotContain(address(3));
    assertThat(keys.of(TENANT, "server")).as("the only one of its API key").hasSize(1);
    assertThat(keys.make(TENANT, "server", authorised).apiKey()).isEqualTo("server");
    assertThat(keys.of(TENANT, "server"))
        .extracting(SessionKeys.Entry::key)
        .doesNotContain(address(2));
    assertThat(SessionKeys.open(folder).entries())
        .isEqualTo(keys.entries())
        .hasSize(SessionKeys.OF_TENANT_MAX);
  }

  @Test
  void expiredKeysAreDroppedSaveTheNewestOfEachApiKey() throws IOException {
    SessionKeys keys = SessionKeys.open(folder);
    var _ = keys.note(TENANT, "laptop", address(1), ALL);
    var _ = keys.note(TENANT, "server", address(2), ALL);
    var _ = keys.note(OTHER, "laptop", address(3), ALL);
    SessionKeys.Entry newest = keys.note(TENANT, "laptop", address(4), ALL);

    keys.drop(Set.of(address(1), address(2), address(3)));

    assertThat(keys.of(TENANT, "laptop")).containsExactly(newest);
    assertThat(keys.of(TENANT, "server")).hasSize(1);
    assertThat(keys.of(OTHER, "laptop")).hasSize(1);
    assertThat(SessionKeys.open(folder).entries()).isEqualTo(keys.entries()).hasSize(3);
  }

  private static Address address(int number) {
    return Address.parse("0x%040x".formatted(number));
  }
}
