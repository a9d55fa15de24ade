package xyz.openledger.actors.wire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Events of a small invented world, with every kind of field that an event may have. */
@SuppressWarnings("ArrayRecordComponent") // events hold bytes
sealed interface Parcel {
  record Sent(
      Address to,
      long weightGrams,
      int pieces,
      boolean fragile,
      double value,
      byte[] label,
      List<String> stamps,
      @Nullable String note,
      Optional<Duration> patience,
      Speed speed,
      Contents contents,
      Map<String, Long> duties,
      SortedMap<Integer, Address> stops,
      Set<Speed> refused,
      Instant at,
      BigInteger serial)
      implements Parcel {}

  record Lost(Address last, byte @Nullable [] evidence) implements Parcel {}

  record Opened() implements Parcel {}

  /** Not a record's fields but a text: {@code city:street}. */
  record Address(String city, String street) {
    static Address parse(String text) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("an address is city:street");
      }
      return new Address(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
      return city + ":" + street;
    }
  }

  enum Speed {
    SLOW,
    FAST
  }

  sealed interface Contents {}

  record Letter(String text) implements Contents {}

  record Crate(List<Contents> inside) implements Contents {}

  static EventCodecs.Builder codecs() {
    return EventCodecs.builder()
        .as(Address.class, String.class, Address::toString, Address::parse)
        .union(Contents.class, Map.of("letter", Letter.class, "crate", Crate.class))
        .event("parcel.sent", 1, Sent.class)
        .event("parcel.lost", 1, Lost.class)
        .event("parcel.opened", 1, Opened.class);
  }

  /** One of each. */
  static Map<String, Object> samples() {
    return Map.of(
        "parcel.sent/1", sent(),
        "parcel.lost/1", new Lost(Address.parse("Lima:Ancash"), new byte[] {9}),
        "parcel.opened/1", new Opened());
  }

  static Sent sent() {
    return new Sent(
        Address.parse("Cusco:Plateros"),
        1_250,
        -2,
        true,
        99.5,
        new byte[] {1, 2, 3},
        List.of("llama", "condor"),
        null,
        Optional.of(Duration.ofMillis(90_500)),
        Speed.FAST,
        new Crate(List.of(new Letter("hola"), new Crate(List.of()))),
        Map.of("customs", 1_000L, "import", Long.MAX_VALUE, "a", Long.MIN_VALUE),
        new TreeMap<>(Map.of(300, Address.parse("Puno:Lima"), 2, Address.parse("Ica:Sol"))),
        Set.of(Speed.SLOW, Speed.FAST),
        Instant.ofEpochSecond(1_795_000_000, 123_456_789),
        new BigInteger("-12345678901234567890"));
  }
}
