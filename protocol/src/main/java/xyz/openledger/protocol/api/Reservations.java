package xyz.openledger.protocol.api;

import java.util.List;

/** What an order of slots came to: one reservation for each node that won. */
@Answer
public record Reservations(List<Reservation> reservations) {}
