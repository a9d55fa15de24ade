package xyz.openledger.actors.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

class CatalogueTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final TenantId BOB = TenantId.parse("bob");

  private final Catalogue catalogue = new Catalogue();

  private static ServedModel model(String name, int version, TenantId tenant) {
    Digest manifest = Digest.of((name + version).getBytes(StandardCharsets.UTF_8));
    return new ServedModel(name, manifest, manifest, 7, 512, 64, tenant, version, null, null);
  }

  private void publish(ServedModel... models) {
    catalogue.publish(List.of(models)).forEach(catalogue::apply);
  }

  @Test
  void aRepeatChangesNothingAndAnotherManifestReplacesTheOneBefore() {
    publish(model("tiny", 1, ADA));
    publish(model("tiny", 1, ADA));
    assertThat(catalogue.revision()).isEqualTo(1);

    publish(model("tiny", 2, ADA));
    assertThat(catalogue.since(1, 9)).singleElement().matches(change -> change.revision() == 2);
  }

  private static ServedModel owned(ServedModel model, String name, long at, String digit) {
    return new ServedModel(
        name,
        model.manifest(),
        model.base(),
        7,
        512,
        64,
        model.tenant(),
        at,
        Address.parse("0x" + digit.repeat(40)),
        null);
  }

  @Test
  void theOwnerIsWhoeverPublishedTheModelFirstAlsoIfHeNamesAnotherAccountLater() {
    var known = new ServedModels();
    ServedModel first = model("tiny", 1, ADA);
    publish(owned(first, "tiny", 10, "a"));
    ServedModel copy = model("tiny", 1, BOB);
    publish(owned(copy, "copy", 20, "b"));
    publish(owned(first, "tiny", 30, "c"));
    publish(model("tiny", 1, ADA));
    known.learn(new CatalogueMessage.Changes(catalogue.since(0, 99), catalogue.revision()));

    assertThat(known.find(first.manifest()).orElseThrow().owner())
        .isEqualTo(Address.parse("0x" + "c".repeat(40)));
    catalogue.withdraw("tiny", ADA, 40).ifPresent(catalogue::apply);
    known.learn(
        new CatalogueMessage.Changes(catalogue.since(known.revision(), 99), catalogue.revision()));
    assertThat(known.find(first.manifest()).orElseThrow().name()).isEqualTo("copy");
    assertThat(known.find("tiny")).isEmpty();
    assertThat(known.owner(first.manifest())).as("a copy has no owner").isNull();

    publish(owned(first, "again", 50, "d"));
    known.learn(
        new CatalogueMessage.Changes(catalogue.since(known.revision(), 99), catalogue.revision()));
    assertThat(known.owner(first.manifest()))
        .as("withdrawn and published again under another name")
        .isEqualTo(Address.parse("0x" + "d".repeat(40)));
    assertThat(catalogue.publish(List.of(owned(copy, "copy", 60, "b"))))
        .as("a copy that is published again changes nothing")
        .isEmpty();
  }

  @Test
  void theCatalogueIsKnownOnceNoChangeIsLeftToAskFor() {
    publish(model("tiny", 1, ADA));
    publish(model("small", 2, ADA));
    var known = new ServedModels();
    var whole = known.known().toCompletableFuture();

    known.learn(new CatalogueMessage.Changes(catalogue.since(0, 1), catalogue.revision()));
    assertThat(whole).isNotDone();
    known.learn(
        new CatalogueMessage.Changes(catalogue.since(known.revision(), 9), catalogue.revision()));
    assertThat(whole).isCompletedWithValue(2L);

    var empty = new ServedModels();
    empty.learn(new CatalogueMessage.Changes(List.of(), 0));
    assertThat(empty.known().toCompletableFuture()).isDone();
  }

  @Test
  void onlyWhoeverPublishedAModelFirstStatesItsLicence() {
    var known = new ServedModels();
    ServedModel first = model("tiny", 1, ADA);
    ServedModel copy = model("tiny", 1, BOB);
    publish(licensed(first, "tiny", 10, "CC-BY-NC-4.0"));
    publish(licensed(copy, "copy", 20, "MIT"));
    publish(first);
    known.learn(new CatalogueMessage.Changes(catalogue.since(0, 99), catalogue.revision()));

    assertThat(known.licence(first.manifest())).contains("CC-BY-NC-4.0");
    catalogue.withdraw("tiny", ADA, 40).ifPresent(catalogue::apply);
    known.learn(
        new CatalogueMessage.Changes(catalogue.since(known.revision(), 99), catalogue.revision()));
    assertThat(known.licence(first.manifest())).as("a copy states none").isEmpty();
  }

  private static ServedModel licensed(ServedModel of, String name, long atMillis, String licence) {
    return new ServedModel(
        name,
        of.manifest(),
        of.base(),
        of.fuelPerToken(),
        of.contextTokens(),
        of.cacheBytesPerToken(),
        of.tenant(),
        atMillis,
        null,
        licence);
  }

  @Test
  void aNameBelongsToWhoeverPublishedItUntilItIsWithdrawn() {
    publish(model("tiny", 1, ADA));

    assertThatThrownBy(() -> catalogue.publish(List.of(model("tiny", 2, BOB))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("another tenant");
    assertThatThrownBy(() -> catalogue.withdraw("tiny", BOB, 5))
        .isInstanceOf(ProblemException.class);
    catalogue.withdraw("tiny", ADA, 5).ifPresent(catalogue::apply);
    publish(model("tiny", 2, BOB));
  }

  @Test
  void whoPublishesAndWithdrawsForEverFillsNoMemory() {
    var small = new Catalogue(5, 3);
    for (int version = 1; version <= 3; version++) {
      small.publish(List.of(model("tiny", version, ADA))).forEach(small::apply);
      small.withdraw("tiny", ADA, version).ifPresent(small::apply);
    }

    assertThatThrownBy(() -> small.publish(List.of(model("tiny", 4, ADA))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("at most 3 by one and 5 by all");
    small.publish(List.of(model("tiny", 3, ADA))).forEach(small::apply);
    small.publish(List.of(model("other", 1, BOB), model("other", 2, BOB))).forEach(small::apply);
    assertThatThrownBy(() -> small.publish(List.of(model("more", 1, BOB))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("manifest");
  }

  @Test
  void oneNameThatMayNotBePublishedKeepsAllFromBeing() {
    publish(model("tiny", 1, ADA));

    assertThatThrownBy(
            () -> catalogue.publish(List.of(model("other", 1, BOB), model("tiny", 2, BOB))))
        .isInstanceOf(ProblemException.class);
    assertThat(catalogue.revision()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoeverFollowsInPagesOfAnySizeKnowsWhatIsServed(long seed) {
    var random = new SplittableRandom(seed);
    var known = new HashMap<String, ServedModel>();
    long revision = 0;
    for (int i = 0; i < 500; i++) {
      String name = "m" + random.nextInt(40);
      if (random.nextInt(4) == 0) {
        try {
          catalogue.withdraw(name, null, i).ifPresent(catalogue::apply);
        } catch (ProblemException notServed) {
          assertThat(notServed.field()).isEqualTo("name");
        }
      } else {
        publish(model(name, i, ADA));
      }
      if (random.nextInt(5) == 0) {
        revision = follow(known, revision, 1 + random.nextInt(7));
      }
    }
    follow(known, revision, 3);

    assertThat(known).isEqualTo(served());
  }

  private long follow(Map<String, ServedModel> known, long from, int page) {
    long revision = from;
    for (var changes = catalogue.since(revision, page);
        !changes.isEmpty();
        changes = catalogue.since(revision, page)) {
      for (CatalogueMessage.Change change : changes) {
        if (change.model() == null) {
          known.remove(change.name());
        } else {
          known.put(change.name(), change.model());
        }
        revision = change.revision();
      }
    }
    return revision;
  }

  private Map<String, ServedModel> served() {
    var served = new HashMap<String, ServedModel>();
    for (CatalogueMessage.Change change : new ArrayList<>(catalogue.since(0, 1_000))) {
      if (change.model() != null) {
        served.put(change.name(), change.model());
      }
    }
    return served;
  }
}
