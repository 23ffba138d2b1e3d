/** The `sql` of a query. */
export class SqlData {
  declare database_version?: string;
  declare driver_version?: string;
  declare preparation?: string;
  declare url?: string;
  declare user?: string;
  declare sanitized_query?: string;

  constructor(databaseVer?: string, driverVer?: string, user?: string, url?: string, queryType?: string) {
    if (databaseVer) this.database_version = databaseVer;
    if (driverVer) this.driver_version = driverVer;
    if (queryType) this.preparation = queryType;
    if (url !== undefined) this.url = url;
    if (user !== undefined) this.user = user;
  }
}
