import type { ZoneTime } from '../zone-time.ts';
import { faultOf, type Fault } from './faults.ts';
import type { Properties, StampText } from './filters.ts';
import { ListReader, type ListQuery, type ListSource, type Page } from './list-records.ts';
import {
  campaignProperties,
  groupProperties,
  leadProperties,
  smsProperties,
  userProperties,
} from './properties.ts';
import {
  renderCampaign,
  renderGroup,
  renderLead,
  renderSms,
  renderUser,
  type RenderContext,
} from './render.ts';
import type { Lead, Sms } from './records.ts';
import type { Answer } from './send-answer.ts';
import type { SortedRecords } from './sorted-records.ts';
import { createStampWriter, readStamp } from './stamps.ts';
import type { AdversusState } from './state.ts';
import type { SwitchBoard } from './switches.ts';
import { VendorRefusal } from './vendor-refusal.ts';

export interface VendorRequest {
  readonly number: number;
  /** Below the version, e.g. `/leads/920000000`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

type Listed = { readonly id: number };
type Render<T> = (record: T, context: RenderContext) => unknown;

/** Answers a request from the state as it is; knows nothing of connections, limits or passwords. */
export class Answerer {
  readonly #state: AdversusState;
  readonly #board: SwitchBoard;
  readonly #zone: ZoneTime;
  readonly #baseUrl: () => string;
  readonly #leads = new ListReader<Lead>();
  readonly #messages = new ListReader<Sms>();
  #rendered = new WeakMap<object, string>();
  #renderedAs: RenderContext;
  #renderedVersion: number;

  constructor(state: AdversusState, board: SwitchBoard, zone: ZoneTime, baseUrl: () => string) {
    this.#state = state;
    this.#board = board;
    this.#zone = zone;
    this.#baseUrl = baseUrl;
    this.#renderedAs = this.#newContext();
    this.#renderedVersion = board.version;
  }

  /** The vendor's answer, errors included. */
  answer(request: VendorRequest, met: readonly Fault[]): Answer {
    try {
      return { status: 200, body: this.#route(request, met) };
    } catch (error) {
      if (!(error instanceof VendorRefusal)) throw error;
      return { status: error.status, body: JSON.stringify({ code: error.status, message: error.message }) };
    }
  }

  #route(request: VendorRequest, met: readonly Fault[]): string {
    const [resource = '', id, ...more] = request.path.split('/').slice(1);
    if (more.length === 0 && id !== undefined && id !== '') return this.#single(resource, id);
    if (more.length > 0) throw new VendorRefusal(404, 'Not found');
    const { users, groups, campaigns } = this.#state;
    switch (resource) {
      case 'leads':
        return this.#list(request, met, 'leads', this.#leads, this.#leadSource(), renderLead);
      case 'sms':
        return this.#list(request, met, 'sms', this.#messages, this.#smsSource(), renderSms);
      case 'users':
        return this.#shortList(request, met, 'users', plain(users, userProperties), renderUser);
      case 'groups':
        return this.#shortList(request, met, 'groups', plain(groups, groupProperties), renderGroup);
      case 'campaigns':
        return this.#shortList(
          request,
          met,
          'campaigns',
          plain(campaigns, campaignProperties),
          renderCampaign,
        );
      case 'organization':
        return JSON.stringify({ id: 1, name: 'Opsdeck sandbox', timezone: this.#zone.timeZone });
      default:
        throw new VendorRefusal(404, 'Not found');
    }
  }

  #shortList<T extends Listed>(
    request: VendorRequest,
    met: readonly Fault[],
    name: string,
    source: ListSource<T>,
    render: Render<T>,
  ): string {
    return this.#list(request, met, name, new ListReader<T>(), source, render);
  }

  #list<T extends Listed>(
    request: VendorRequest,
    met: readonly Fault[],
    name: string,
    reader: ListReader<T>,
    source: ListSource<T>,
    render: Render<T>,
  ): string {
    const otherPage = faultOf(met, 'repeat-page');
    const query: ListQuery = otherPage ? { ...request.query, page: String(otherPage.page) } : request.query;
    const page = reader.read(source, query, this.#board.current, this.#stamps(), request.number);
    const shown = otherPage ? { ...page, page: Number(request.query['page'] ?? 1) } : page;
    const rows = spoilRows(page.rows, met).map((row) => this.#render(row, render));
    const list = `[${rows.join(',')}]`;
    if (request.query['includeMeta'] === 'true') {
      const meta = { pagination: this.#pagination(request, shown, faultOf(met, 'wrong-total')?.by ?? 0) };
      return `{"meta":${JSON.stringify(meta)},"${name}":${list}}`;
    }
    return this.#isWrapped(name) ? `{"${name}":${list}}` : list;
  }

  // Without meta the vendor is not of one mind: campaigns and messages come as bare arrays.
  #isWrapped(name: string): boolean {
    const { envelope } = this.#board.current;
    return envelope === 'wrapped' || (envelope === 'mixed' && name !== 'sms' && name !== 'campaigns');
  }

  #pagination(request: VendorRequest, { page, pageSize, total: truth }: Page<unknown>, by: number) {
    const total = Math.max(0, truth + by);
    const pageCount = Math.ceil(total / pageSize);
    const urlOf = (other: number) => {
      const query = new URLSearchParams({
        ...request.query,
        page: String(other),
        pageSize: String(pageSize),
      });
      return `${this.#baseUrl()}${request.path}?${query.toString()}`;
    };
    return {
      page,
      pageCount,
      pageSize,
      total,
      firstUrl: urlOf(1),
      previousUrl: page > 1 ? urlOf(page - 1) : null,
      nextUrl: page < pageCount ? urlOf(page + 1) : null,
      lastUrl: urlOf(Math.max(1, pageCount)),
    };
  }

  #single(resource: string, idText: string): string {
    const id = /^\d{1,15}$/.test(idText) ? Number(idText) : NaN;
    if (resource === 'leads') return this.#singleLead(id);
    if (resource === 'users') {
      return this.#one(
        'users',
        this.#state.users.find((user) => user.id === id),
        renderUser,
      );
    }
    if (resource === 'campaigns') {
      return this.#one(
        'campaigns',
        this.#state.campaigns.find((campaign) => campaign.id === id),
        renderCampaign,
      );
    }
    throw new VendorRefusal(404, 'Not found');
  }

  #singleLead(id: number): string {
    const { lookups, lookupGone, lookupOtherStatus } = this.#board.current;
    if (lookups === 'refused') throw new VendorRefusal(403, 'Not allowed to read single leads');
    const lead = this.#state.leads.get(id);
    if (lead !== undefined) {
      const manner = lead.status === 'success' ? 'record' : lookupOtherStatus;
      if (manner === 'empty') return this.#empty('leads');
      return this.#one('leads', manner === 'record' ? lead : undefined, renderLead);
    }
    if (lookupGone === 'empty') return this.#empty('leads');
    const last = lookupGone === 'record' ? this.#state.gone.get(id) : undefined;
    return this.#one('leads', last && { ...last, status: 'invalid' as const, active: false }, renderLead);
  }

  #empty(name: string): string {
    return this.#board.current.singleRecord === 'wrapped' ? `{"${name}":[]}` : '[]';
  }

  #one<T extends Listed>(name: string, record: T | undefined, render: Render<T>) {
    if (record === undefined) throw new VendorRefusal(404, 'Not found');
    const text = this.#render(record, render);
    return this.#board.current.singleRecord === 'wrapped' ? `{"${name}":[${text}]}` : text;
  }

  /** Each record is rendered once and kept until a switch or a name changes; records are never changed in place. */
  #render<T extends Listed>(record: T, render: Render<T>): string {
    const context = this.#context();
    const known = this.#rendered.get(record);
    if (known !== undefined) return known;
    const text = JSON.stringify(render(record, context));
    this.#rendered.set(record, text);
    return text;
  }

  #context(): RenderContext {
    const { campaigns, groups } = this.#renderedAs;
    const isOld = campaigns !== this.#state.campaigns || groups !== this.#state.groups;
    if (isOld || this.#renderedVersion !== this.#board.version) {
      this.#rendered = new WeakMap();
      this.#renderedAs = this.#newContext();
      this.#renderedVersion = this.#board.version;
    }
    return this.#renderedAs;
  }

  #newContext(): RenderContext {
    const { campaigns, groups } = this.#state;
    const switches = this.#board.current;
    const { timeZone } = this.#zone;
    return { switches, stamp: createStampWriter(switches, this.#zone), timeZone, campaigns, groups };
  }

  #stamps(): StampText {
    const { switches, stamp } = this.#context();
    return { read: (text) => readStamp(text, switches, this.#zone), write: stamp };
  }

  #leadSource(): ListSource<Lead> {
    const { stampField } = this.#board.current;
    return this.#sorted(this.#state.leads, leadProperties(stampField), stampField);
  }

  #smsSource(): ListSource<Sms> {
    return this.#sorted(this.#state.messages, smsProperties, 'timestamp');
  }

  #sorted<T extends Listed>(
    records: SortedRecords<T>,
    properties: Properties<T>,
    stampProperty: string,
  ): ListSource<T> {
    const version = `${records.version}:${this.#board.version}`;
    return { properties, stampProperty, version, between: (after, before) => records.between(after, before) };
  }
}

function plain<T extends Listed>(records: readonly T[], properties: Properties<T>): ListSource<T> {
  return { properties, version: '', between: () => records };
}

function spoilRows<T>(rows: readonly T[], met: readonly Fault[]): readonly T[] {
  const skipped = faultOf(met, 'skip-row');
  const repeated = faultOf(met, 'repeat-row');
  return rows.flatMap((row, n) => {
    if (n === skipped?.row) return [];
    return n === repeated?.row ? [row, row] : [row];
  });
}
