/*
 * The oracle of whole exchanges: ZooKeeper's own FastLeaderElection is run, its queues and its connection manager are a
 * script. No thread, no socket, no clock: every wait ends when the script says so. One question a line, fields separated by
 * tabs; one answer a line. CONFIG, LASTSEEN as for Oracle; a line "oraclePath=1" stands for the file of an oracle that says so.
 *
 *   election CONFIG LASTSEEN me type zxid epoch clock SCRIPT   lookForLeader
 *   receive  CONFIG LASTSEEN me type state clock PROPOSAL VOTE NEWEPOCH from HEX
 *                                     WorkerReceiver.run for one message; NEWEPOCH: updateElectionVote before it, or "-"
 *   message  state leader zxid round epoch CONFIG              buildMsg, as hexadecimal digits
 *
 * SCRIPT is a list, parted by ";", of what ends a wait: "t1" and "t0", nothing came (and a queue of the manager is empty,
 * or none is); or notifications that arrive together, parted by "+": sid,version,state,leader,zxid,round,epoch.
 * PROPOSAL is id,zxid,epoch; VOTE is id,zxid,round,epoch.
 * The answer: what was sent ("to,state,leader,zxid,round,epoch,configVersion", or "connectAll"), parted by ";", then "|" and how it
 * ended.
 */
package org.apache.zookeeper.server.quorum;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.server.quorum.FastLeaderElection.Notification;
import org.apache.zookeeper.server.quorum.FastLeaderElection.ToSend;
import org.apache.zookeeper.server.quorum.QuorumCnxManager.Message;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;

public final class ExchangeOracle {
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        // WorkerReceiver of some releases prints there.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder answers = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answers.append(answer(line.split("\t", -1))).append('\n');
        }
        out.print(answers);
        out.flush();
        System.exit(0);
    }

    private static String answer(String[] q) throws Exception {
        switch (q[0]) {
        case "election":
            return election(q);
        case "receive":
            return receive(q);
        case "message":
            return message(q);
        default:
            throw new IllegalArgumentException(q[0]);
        }
    }

    private static long num(String text) {
        return Long.parseLong(text);
    }

    /** The script has no more to say: thrown out of a wait. */
    private static final class Over extends RuntimeException {
    }

    /** What is sent, written down. */
    private static final class Sent extends LinkedBlockingQueue<ToSend> {
        final StringBuilder told = new StringBuilder();

        @Override
        public boolean offer(ToSend m) {
            try {
                String config = Quiet.DYNAMIC ? new String((byte[]) Reach.get(m, "configData"), StandardCharsets.UTF_8) : "";
                String version = config.isEmpty() ? "0" : config.substring(config.indexOf("version=") + 8).trim();
                told.append(m.sid).append(',').append(m.state).append(',').append(m.leader).append(',').append(m.zxid)
                    .append(',').append(m.electionEpoch).append(',').append(m.peerEpoch).append(',')
                    .append(Long.parseUnsignedLong(version, 16)).append(';');
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return true;
        }
    }

    /** recvqueue: what was read and put back, then what the script says. */
    private static final class Received extends LinkedBlockingQueue<Notification> {
        private final Iterator<String> script;
        private final ArrayBlockingQueue<ByteBuffer> waiting;

        Received(String script, ArrayBlockingQueue<ByteBuffer> waiting) {
            this.script = (script.isEmpty() ? Arrays.<String>asList() : Arrays.asList(script.split(";"))).iterator();
            this.waiting = waiting;
        }

        @Override
        public Notification poll(long timeout, TimeUnit unit) {
            if (isEmpty()) {
                if (!script.hasNext()) {
                    throw new Over();
                }
                String next = script.next();
                waiting.clear();
                if (next.equals("t0")) {
                    waiting.add(ByteBuffer.allocate(0));
                }
                if (!next.startsWith("t")) {
                    for (String one : next.split("\\+")) {
                        add(notification(one.split(",")));
                    }
                }
            }
            return poll();
        }
    }

    private static Notification notification(String[] f) {
        Notification n = new Notification();
        n.sid = num(f[0]);
        n.version = Integer.parseInt(f[1]);
        n.state = ServerState.valueOf(f[2]);
        n.leader = num(f[3]);
        n.zxid = num(f[4]);
        n.electionEpoch = num(f[5]);
        n.peerEpoch = num(f[6]);
        return n;
    }

    /** A manager with one queue; connectAll asks it whom to connect to, hears of nobody, and that is written down. */
    private static QuorumCnxManager manager(ArrayBlockingQueue<ByteBuffer> queue, Sent sent) throws Exception {
        QuorumCnxManager manager = Reach.allocate(QuorumCnxManager.class);
        ConcurrentHashMap<Long, Object> queues = new ConcurrentHashMap<Long, Object>() {
            @Override
            public Enumeration<Long> keys() {
                sent.told.append("connectAll;");
                return Collections.emptyEnumeration();
            }
        };
        queues.put(0L, queue);
        Reach.set(manager, "queueSendMap", queues);
        if (Reach.has(QuorumCnxManager.class, "connectionThreadCnt")) {
            Reach.set(manager, "connectionThreadCnt", new AtomicInteger());
        }
        return manager;
    }

    private static String election(String[] q) throws Exception {
        QuorumPeer self = Quiet.peer(q[1], q[2], num(q[3]));
        Reach.set(self, "learnerType", LearnerType.valueOf(q[4]));
        Quiet.disk(self, num(q[5]), num(q[6]));
        FastLeaderElection fle = Quiet.election(self, num(q[7]));
        Sent sent = new Sent();
        ArrayBlockingQueue<ByteBuffer> waiting = new ArrayBlockingQueue<>(1);
        fle.sendqueue = sent;
        fle.recvqueue = new Received(q[8], waiting);
        fle.manager = manager(waiting, sent);
        String ended;
        try {
            Vote vote = fle.lookForLeader();
            ended = "decided " + vote.getId() + ',' + vote.getZxid() + ',' + vote.getElectionEpoch() + ',' + vote.getPeerEpoch()
                + ' ' + self.getPeerState();
        } catch (Over e) {
            ended = "waits";
        } catch (NullPointerException e) {
            ended = "throws";
        }
        return sent.told + "|" + ended + ' ' + proposal(fle) + ' ' + Reach.getLong(fle, "logicalclock");
    }

    private static String proposal(FastLeaderElection fle) {
        return fle.proposedLeader + "," + fle.proposedZxid + "," + fle.proposedEpoch;
    }

    private static String receive(String[] q) throws Exception {
        QuorumPeer self = Quiet.peer(q[1], q[2], num(q[3]));
        Reach.set(self, "learnerType", LearnerType.valueOf(q[4]));
        Reach.set(self, "state", ServerState.valueOf(q[5]));
        FastLeaderElection fle = Quiet.election(self, num(q[6]));
        String[] proposed = q[7].split(",");
        fle.proposedLeader = num(proposed[0]);
        fle.proposedZxid = num(proposed[1]);
        fle.proposedEpoch = num(proposed[2]);
        String[] f = q[8].split(",");
        self.setCurrentVote(new Vote(num(f[0]), num(f[1]), num(f[2]), num(f[3])));
        if (!q[9].equals("-")) {
            Reach.call(Reach.method(QuorumPeer.class, "updateElectionVote", 1), self, num(q[9]));
        }
        Sent sent = new Sent();
        fle.sendqueue = sent;
        fle.recvqueue = new LinkedBlockingQueue<>();
        boolean alive = run(fle, new Message(ByteBuffer.wrap(bytes(q[11])), num(q[10])));
        StringBuilder queued = new StringBuilder();
        for (Notification n : fle.recvqueue) {
            queued.append(' ').append(n.sid).append(',').append(n.version).append(',').append(n.state).append(',').append(n.leader)
                .append(',').append(n.zxid).append(',').append(n.electionEpoch).append(',').append(n.peerEpoch);
        }
        return sent.told + "|" + (alive ? "lives" : "dies") + queued;
    }

    /** False: its thread ends with an unchecked exception. */
    private static boolean run(FastLeaderElection fle, Message message) throws Exception {
        QuorumCnxManager manager = manager(new ArrayBlockingQueue<>(1), (Sent) fle.sendqueue);
        FastLeaderElection.Messenger messenger = Reach.allocate(FastLeaderElection.Messenger.class);
        Reach.set(messenger, "this$0", fle);
        FastLeaderElection.Messenger.WorkerReceiver worker = (FastLeaderElection.Messenger.WorkerReceiver)
            Reach.make(FastLeaderElection.Messenger.WorkerReceiver.class, messenger, manager);
        Reach.set(manager, "recvQueue", new ArrayBlockingQueue<Message>(1) {
            private Message next = message;

            @Override
            public Message poll(long timeout, TimeUnit unit) {
                Message taken = next;
                next = null;
                worker.stop = taken == null;
                return taken;
            }
        });
        try {
            worker.run();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String message(String[] q) throws Exception {
        Object[] fields = {ServerState.valueOf(q[1]).ordinal(), num(q[2]), num(q[3]), num(q[4]), num(q[5]), null};
        fields[5] = q[6].replace('\u001f', '\n').getBytes(StandardCharsets.UTF_8);
        Method build = Reach.method(FastLeaderElection.class, "buildMsg", Quiet.DYNAMIC ? 6 : 5);
        ByteBuffer built = (ByteBuffer) Reach.call(build, null, Arrays.copyOf(fields, build.getParameterTypes().length));
        StringBuilder hex = new StringBuilder();
        for (byte one : built.array()) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }

    private static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
